/** A type expression of RAML 1.0: `Name`, `(string | number)[]`, `string?`. */
export type Expression =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "array"; readonly items: Expression }
  | { readonly kind: "union"; readonly options: readonly Expression[] };

/**
 * Reads a type expression (RAML 1.0, "Type Expressions").
 *
 * @param text The expression.
 *
 * @returns The expression; undefined if it is none.
 */
export function parseExpression(text: string): Expression | undefined {
  const tokens = text.match(/\[\s*\]|[()|?]|[^\s()|[\]?]+|\S/g) ?? [];
  let position = 0;
  let depth = 0;

  const union = (): Expression | undefined => {
    const options: Expression[] = [];
    do {
      const option = postfix();
      if (!option) return undefined;
      options.push(option);
    } while (tokens[position] === "|" && ++position);
    const [only] = options;
    return only && options.length === 1 ? only : { kind: "union", options };
  };
  const postfix = (): Expression | undefined => {
    let found = primary();
    while (found && /^[[?]/.test(tokens[position] ?? "")) {
      if (tokens[position] === "?") {
        position++;
        // `string?` is `string | nil`.
        found = { kind: "union", options: [found, { kind: "name", name: "nil" }] };
        continue;
      }
      if (!/^\[\s*\]$/.test(tokens[position] ?? "")) return undefined;
      position++;
      found = { kind: "array", items: found };
    }
    return found;
  };
  const primary = (): Expression | undefined => {
    const token = tokens[position++];
    if (
      token === undefined ||
      token === ")" ||
      token === "|" ||
      token === "?" ||
      token.startsWith("[") ||
      token === "]"
    )
      return undefined;
    if (token !== "(") return { kind: "name", name: token };
    if (++depth > 20) return undefined;
    const inside = union();
    depth--;
    return tokens[position++] === ")" ? inside : undefined;
  };

  const found = union();
  return position === tokens.length ? found : undefined;
}
