/** A part of a path between slashes. */
export type Segment =
  | { readonly text: string; readonly parameter?: never }
  | { readonly parameter: string; readonly text?: never };

/**
 * Creates the segments of a resource's path.
 *
 * @param path A path like `/activations/{client_id}`.
 *
 * @returns The segments; or what is wrong with the path, as text.
 */
export function segmentsOf(path: string): readonly Segment[] | string {
  const segments: Segment[] = [];
  const parameters = new Set<string>();
  if (!path.startsWith("/")) return `the path ${path} does not begin with a slash`;
  for (const part of path.slice(1).split("/")) {
    const parameter = /^\{([^{}]+)\}$/.exec(part)?.[1];
    if (parameter !== undefined) {
      if (parameters.has(parameter)) return `the path ${path} has {${parameter}} twice`;
      parameters.add(parameter);
      segments.push({ parameter });
    } else if (part === "" || part === "." || part === "..") {
      return `the path ${path} has a segment ${JSON.stringify(part)}: write a name between two slashes, and none after the last name`;
    } else if (/^[\p{L}\p{M}\p{N}._~!$',;=@&+-]+$/u.test(part)) {
      segments.push({ text: part });
    } else {
      return `the path ${path} has a segment ${JSON.stringify(part)}: expected a name (letters, digits, - . _ ~) or one {parameter}`;
    }
  }
  return segments;
}

/**
 * Creates what two paths have in common when one request fits both and neither is more exact.
 *
 * @param segments The segments of a path.
 *
 * @returns The path with every parameter written `{}`.
 */
export function shapeOf(segments: readonly Segment[]): string {
  return segments.map((segment) => `/${segment.text ?? "{}"}`).join("");
}
