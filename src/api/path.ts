import { normalizedPath } from "../util/percent.ts";

/** A parameter in a path. */
export interface PathParameter {
  readonly name: string;
  /** Whether it is written `${name}`, as in shells and in the Open Inference Protocol: a request may have the sign or not. */
  readonly dollar: boolean;
}

/**
 * What stands between two slashes of a path: texts, and a parameter after each of them but the last. `iris:predict` is one
 * text; `{model}:predict` is an empty text, a parameter and a text.
 */
export interface Segment {
  readonly texts: readonly string[];
  readonly parameters: readonly PathParameter[];
}

/** What may stand in a segment (RFC 3986, `pchar`), and the letters of any language, which clients escape. */
const allowed = /^(?:[\p{L}\p{M}\p{N}._~!$&'()*+,;=:@-]|%[0-9a-f]{2})*$/iu;

/**
 * Creates the segments of a resource's path.
 *
 * @param path A path like `/activations/{client_id}` or `/models/{model}:predict`.
 *
 * @returns The segments; or what is wrong with the path, as text.
 */
export function segmentsOf(path: string): readonly Segment[] | string {
  if (!path.startsWith("/")) return `the path ${path} does not begin with a slash`;
  const names = new Set<string>();
  const segments: Segment[] = [];
  for (const part of splitOutside(path.slice(1))) {
    const segment = segmentOf(part);
    if (typeof segment === "string") return `the path ${path} has a segment ${JSON.stringify(part)}: ${segment}`;
    for (const { name } of segment.parameters) {
      if (names.has(name)) return `the path ${path} has {${name}} twice`;
      names.add(name);
    }
    segments.push(segment);
  }
  return segments;
}

/**
 * Common form of two paths when one request fits both and neither is more exact.
 *
 * @param segments The segments of a path.
 *
 * @returns The path with every parameter written `{}`.
 */
export function shapeOf(segments: readonly Segment[]): string {
  return segments.map(({ texts }) => `/${texts.join("{}")}`).join("");
}

/**
 * Finds the parameters of a path.
 *
 * @param segments The segments of the path.
 *
 * @returns Their names in order.
 */
export function parametersIn(segments: readonly Segment[]): readonly string[] {
  return segments.flatMap(({ parameters }) => parameters.map(({ name }) => name));
}

/** A slash in the name of a parameter separates nothing. */
function splitOutside(path: string): readonly string[] {
  return path.match(/(?:\{[^{}]*\}|[^/])+|(?<=\/|^)(?=\/|$)/g) ?? [""];
}

function segmentOf(part: string): Segment | string {
  if (isDots(part)) return "clients take it out of a path: write a name instead";
  const texts: string[] = [];
  const parameters: PathParameter[] = [];
  let from = 0;
  for (const match of part.matchAll(/(\$?)\{([^{}]+)\}/g)) {
    texts.push(part.slice(from, match.index));
    parameters.push({ name: match[2] ?? "", dollar: match[1] === "$" });
    from = match.index + match[0].length;
  }
  texts.push(part.slice(from));
  for (const text of texts) {
    const [brace] = /[{}]/.exec(text) ?? [];
    if (brace !== undefined) return `expected a name between two braces, as in {id}`;
    if (text.includes("?") || text.includes("#")) return "a query is no part of a path: describe its parameters";
    if (!allowed.test(text))
      return "expected letters, digits, and - . _ ~ ! $ & ' ( ) * + , ; = : @, others as escapes such as %20";
  }
  return { texts: texts.map(normalizedPath), parameters };
}

function isDots(part: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(part);
}
