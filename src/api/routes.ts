import { LaunchpadError } from "../errors.ts";
import { normalizedPath } from "../util/percent.ts";
import type { ApiDefinition, Parameter, Resource } from "./definition.ts";
import { styleOf } from "./parameter-style.ts";
import { type Segment, segmentsOf, shapeOf } from "./path.ts";

/** A segment of a route, as a router matches it. */
export interface RouteSegment extends Segment {
  /** By parameter, what its value may begin with because of its style: `.` or `;name`; none for most. */
  readonly leads: readonly (readonly string[])[];
}

/** Where resources are found. */
export interface Route {
  /** Those of the path; no two of them have a method in common. */
  readonly resources: readonly Resource[];
  /** Their path, below the base path. */
  readonly path: string;
  /** The whole path, the base path included. */
  readonly segments: readonly RouteSegment[];
}

/**
 * Creates the routes of an API, the more exact path first: `/varieties/new` before `/varieties/{id}.json` before
 * `/varieties/{id}`.
 *
 * @param definition What the API offers.
 * @param basePath What every path begins with; it may be empty.
 * @param reserved Paths that Launchpad answers itself.
 *
 * @returns The routes in the order in which they must be tried.
 *
 * @throws API_INVALID when paths clash, or are no paths.
 */
export function routesOf(definition: ApiDefinition, basePath: string, reserved: readonly string[]): Route[] {
  const problems: string[] = [];
  const found = new Map<string, Route>();
  for (const resource of definition.resources) {
    const own = segmentsOf(resource.path);
    const whole = typeof own === "string" ? own : segmentsOf(basePath + resource.path);
    if (typeof whole === "string") {
      problems.push(`[api] ${resource.path}: ${whole}`);
      continue;
    }
    const segments = whole.map((segment) => withLeads(segment, resource));
    const unclear = segments.find(isUnclear);
    if (unclear) {
      problems.push(
        `[api] ${resource.path}: found two parameters with nothing between them, expected a text: no request says where the one ends`,
      );
      continue;
    }
    const shape = shapeOf(segments);
    const other = found.get(shape);
    if (other) {
      if (areApart(resource, other)) found.set(shape, { ...other, resources: [...other.resources, resource] });
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
    found.set(shape, { path: resource.path, resources: [resource], segments });
  }
  if (problems.length > 0) throw new LaunchpadError("API_INVALID", problems.join("\n"));
  return [...found.values()].sort((a, b) => compare(a.segments, b.segments));
}

/**
 * Creates the route to a path that no resource has.
 *
 * @param path The path, `/v2/models/{name}/infer`.
 *
 * @returns What a router matches.
 *
 * @throws API_INVALID when it is no path.
 */
export function routeTo(path: string): Pick<Route, "segments"> {
  const segments = segmentsOf(path);
  if (typeof segments === "string") throw new LaunchpadError("API_INVALID", `[api] ${segments}`);
  return { segments: segments.map((segment) => ({ ...segment, leads: [] })) };
}

function withLeads(segment: Segment, { parameters }: Resource): RouteSegment {
  const leadOf = (name: string) => {
    const parameter = parameters.find((one) => one.in === "path" && one.name === name);
    return parameter ? leadsIn(parameter) : [];
  };
  return { ...segment, leads: segment.parameters.map(({ name }) => leadOf(name)) };
}

/** The properties of an object that are given one by one have their own names, and not the parameter's. */
function leadsIn(parameter: Parameter): readonly string[] {
  const { style, explode } = styleOf(parameter);
  if (style === "label") return ["."];
  if (style !== "matrix") return [];
  const { schema, name } = parameter;
  const isObject = typeof schema === "object" && [schema.type].flat().includes("object");
  const names = isObject && explode ? [""] : [name, normalizedPath(encodeURIComponent(name))];
  return [...new Set(names)].map((one) => `;${one}`);
}

function isUnclear({ texts, leads }: RouteSegment): boolean {
  return leads.some((lead, index) => index > 0 && texts[index] === "" && lead.length === 0);
}

/** Whether a resource has the very path of others, and none of their methods. */
function areApart({ path, methods }: Resource, route: Route): boolean {
  const taken = route.resources.flatMap((other) => other.methods);
  return route.path === path && !methods.some((method) => taken.includes(method));
}

/** At the first place where two paths differ in that: a name before a parameter, the longer texts first. */
function compare(a: readonly Segment[], b: readonly Segment[]): number {
  for (const [index, segment] of a.entries()) {
    const other = b[index];
    if (!other) break;
    const isOpen = ({ parameters }: Segment) => Number(parameters.length > 0);
    const difference = isOpen(segment) - isOpen(other) || lengthOf(other) - lengthOf(segment);
    if (difference !== 0 && (isOpen(segment) || isOpen(other))) return difference;
  }
  return 0;
}

function lengthOf({ texts, parameters }: Segment): number {
  return parameters.length === 0 ? 0 : texts.join("").length;
}

function fits(segments: readonly Segment[], path: string): boolean {
  const parts = path.slice(1).split("/");
  return (
    parts.length === segments.length &&
    segments.every(({ texts, parameters }, index) => parameters.length > 0 || texts[0] === parts[index])
  );
}
