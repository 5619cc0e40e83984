import { LaunchpadError } from "../errors.ts";
import type { ApiDefinition, Resource } from "./definition.ts";
import { type Segment, segmentsOf, shapeOf } from "./path.ts";

/** Where resources are found. */
export interface Route {
  /** Those of the path; no two of them have a method in common. */
  readonly resources: readonly Resource[];
  /** Their path, below the base path. */
  readonly path: string;
  /** The whole path as Hono writes it, `/iris/v0/varieties/:p0`. */
  readonly hono: string;
  /** Hono's name of each parameter, and the resource's. */
  readonly parameters: readonly (readonly [key: string, name: string])[];
}

/**
 * Creates the routes of an API, the more exact path first: `/varieties/new` before `/varieties/{id}`.
 *
 * @param definition What the API offers.
 * @param basePath What every path begins with; it may be empty.
 * @param reserved Paths that Launchpad answers itself.
 *
 * @returns The routes in the order in which they must be registered.
 *
 * @throws API_INVALID when paths clash, or are no paths.
 */
export function routesOf(definition: ApiDefinition, basePath: string, reserved: readonly string[]): Route[] {
  const problems: string[] = [];
  const found = new Map<string, { route: Route; segments: readonly Segment[] }>();
  for (const resource of definition.resources) {
    const own = segmentsOf(resource.path);
    const segments = typeof own === "string" ? own : segmentsOf(basePath + resource.path);
    if (typeof segments === "string") {
      problems.push(`[api] ${resource.path}: ${segments}`);
      continue;
    }
    const shape = shapeOf(segments);
    const other = found.get(shape)?.route;
    if (other) {
      if (areApart(resource, other))
        found.set(shape, { segments, route: { ...other, resources: [...other.resources, resource] } });
      else problems.push(`[api] ${resource.path} clashes with ${other.path}: a request fits both`);
      continue;
    }
    for (const path of reserved) {
      if (fits(segments, path)) {
        problems.push(
          `[api] ${resource.path} clashes with ${path}, which Launchpad answers itself: choose another path`,
        );
      }
    }
    found.set(shape, { route: routeOf(resource, segments), segments });
  }
  if (problems.length > 0) throw new LaunchpadError("API_INVALID", problems.join("\n"));
  return [...found.values()].sort((a, b) => compare(a.segments, b.segments)).map(({ route }) => route);
}

/** Parameters are numbered, because a name in RAML may have characters that mean something to Hono. */
function routeOf(resource: Resource, segments: readonly Segment[]): Route {
  const parameters: [string, string][] = [];
  const hono = segments.map(({ text, parameter }) => {
    if (parameter === undefined) return `/${text}`;
    const key = `p${parameters.length}`;
    parameters.push([key, parameter]);
    return `/:${key}`;
  });
  return { path: resource.path, resources: [resource], hono: hono.join(""), parameters };
}

/** Whether a resource has the very path of others, and none of their methods. */
function areApart({ path, methods }: Resource, route: Route): boolean {
  const taken = route.resources.flatMap((other) => other.methods);
  return route.path === path && !methods.some((method) => taken.includes(method));
}

/** A name before a parameter, at the first place where two paths differ in that. */
function compare(a: readonly Segment[], b: readonly Segment[]): number {
  for (const [index, segment] of a.entries()) {
    const other = b[index];
    if (!other) break;
    const difference = Number(segment.parameter !== undefined) - Number(other.parameter !== undefined);
    if (difference !== 0) return difference;
  }
  return 0;
}

function fits(segments: readonly Segment[], path: string): boolean {
  const parts = path.slice(1).split("/");
  return (
    parts.length === segments.length &&
    segments.every(({ text, parameter }, index) => parameter !== undefined || text === parts[index])
  );
}
