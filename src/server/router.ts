import type { Route, RouteSegment } from "../api/routes.ts";
import { normalizedPath, percentDecoded } from "../util/percent.ts";
import { matchSegment } from "./match-segment.ts";

/** What a path leads to. */
export interface Found<T> {
  readonly target: T;
  /** The parameters of the path, by the resource's names, with their escapes. */
  readonly path: Record<string, string>;
}

/**
 * Router of an API: finds the target of a request. A path without parameters is found by its text, the others among those
 * with as many segments. Paths are compared as RFC 3986 (section 6.2.2) has it: an escape that is not needed changes nothing.
 * What then fits nothing is tried once more with all escapes decoded, because some clients escape more than they must.
 *
 * @param routes Routes and their targets, the more exact path first.
 *
 * @returns A function from a request to the target of its path; undefined for a path that there is not.
 */
export function createRouter<T>(
  routes: readonly (readonly [Pick<Route, "segments">, T])[],
): (request: Request) => Found<T> | undefined {
  const fixed = new Map<string, T>();
  const open = new Map<number, (readonly [readonly RouteSegment[], T])[]>();
  for (const [{ segments }, target] of routes) {
    if (segments.every(({ parameters }) => parameters.length === 0)) {
      const path = segments.map(({ texts }) => `/${texts[0]}`).join("");
      if (!fixed.has(path)) fixed.set(path, target);
    } else open.set(segments.length, [...(open.get(segments.length) ?? []), [segments, target]]);
  }
  const decodedFixed = new Map([...fixed].map(([path, target]) => [decodedSegments(path).join("\0"), target]));

  const among = (parts: readonly string[]): Found<T> | undefined => {
    for (const [segments, target] of open.get(parts.length) ?? []) {
      const path: Record<string, string> = Object.create(null);
      if (segments.every((segment, index) => matchSegment(segment, parts[index] ?? "", path))) return { target, path };
    }
    return undefined;
  };
  return (request) => {
    const path = normalizedPath(pathIn(request.url));
    const target = fixed.get(path);
    if (target !== undefined) return { target, path: Object.create(null) };
    if (open.size === 0 && !path.includes("%")) return undefined;
    const found = among(path.slice(1).split("/"));
    if (found || !path.includes("%")) return found;
    const parts = decodedSegments(path);
    const decoded = decodedFixed.get(parts.join("\0"));
    if (decoded !== undefined) return { target: decoded, path: Object.create(null) };
    const loose = among(parts);
    for (const name in loose?.path) loose.path[name] = encodeURIComponent(loose.path[name] ?? "");
    return loose;
  };
}

function decodedSegments(path: string): readonly string[] {
  return path.slice(1).split("/").map(percentDecoded);
}

/** Path of a URL, without the price of parsing it. */
export function pathIn(url: string): string {
  const scheme = url.indexOf("://");
  const start = scheme < 0 ? 0 : url.indexOf("/", scheme + 3);
  if (start < 0) return "/";
  for (let end = start; end < url.length; end++) {
    const code = url.charCodeAt(end);
    if (code === questionMark || code === hash) return url.slice(start, end);
  }
  return url.slice(start);
}

const questionMark = 0x3f;
const hash = 0x23;
