/** A query, taken apart where its parameters are. */
export interface ParsedQuery {
  /** The names of `:name` parameters, each once, in the order in which they first appear. */
  readonly names: readonly string[];
  /** Parameters in other forms (`?`, `$1`, `@name`), as they are written. */
  readonly others: readonly string[];
}

/**
 * What a query is made of, as far as it matters here; the first that matches at a position is it. Everything in which
 * a colon is no parameter is passed over: strings, comments, quoted names, casts.
 */
const tokens: readonly (readonly [pattern: RegExp, kind: "passed" | "name" | "other"])[] = [
  [/'(?:[^']|'')*(?:'|$)/y, "passed"],
  [/"(?:[^"]|"")*(?:"|$)/y, "passed"],
  [/`(?:[^`]|``)*(?:`|$)/y, "passed"],
  [/\[[^\]]*(?:\]|$)/y, "passed"],
  [/--[^\n]*/y, "passed"],
  [/\/\*[\s\S]*?(?:\*\/|$)/y, "passed"],
  [/::/y, "passed"],
  [/:([A-Za-z_]\w*)/y, "name"],
  [/\?\d*|[$@][A-Za-z_]\w*|[$:]\d+/y, "other"],
  [/[\w$]+/y, "passed"],
  [/[\s\S]/y, "passed"],
];

/**
 * Finds the parameters of a query.
 *
 * @param query SQL.
 *
 * @returns Their names.
 */
export function parseQuery(query: string): ParsedQuery {
  const names = new Set<string>();
  const others: string[] = [];
  let at = 0;
  while (at < query.length) {
    for (const [pattern, kind] of tokens) {
      pattern.lastIndex = at;
      const match = pattern.exec(query);
      if (match === null) continue;
      if (kind === "name") names.add(match[1] ?? "");
      if (kind === "other") others.push(match[0]);
      at = pattern.lastIndex;
      break;
    }
  }
  return { names: [...names], others };
}
