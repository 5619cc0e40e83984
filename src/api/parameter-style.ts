import type { Parameter, ParameterStyle } from "./definition.ts";

/** Takes the escapes out of a piece of text. */
export type Decode = (piece: string) => string;

/**
 * How the text of a parameter is cut into several values. It is cut as it was sent, and its pieces are decoded: a separator
 * that is escaped is part of a value (RFC 6570, OpenAPI 3.1, "Appendix D").
 */
export interface Cutting {
  /** The value without what belongs to the style: `5` of `;id=5`. */
  whole(text: string, decode: Decode): string;
  /** The values of a list. */
  list(text: string, decode: Decode): readonly string[];
  /** The properties of an object, in pairs. */
  pairs(text: string, decode: Decode): readonly (readonly [string, string])[];
}

/** The styles that OpenAPI allows in each place, the default first. */
export const styles: Readonly<Record<"path" | "query" | "header", readonly ParameterStyle[]>> = {
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  path: ["simple", "label", "matrix"],
  header: ["simple"],
};

/** What stands between two values: where each has its name, and where not (RFC 6570). */
const separators: Readonly<Record<ParameterStyle, { readonly exploded: string; readonly joined: string }>> = {
  form: { exploded: "&", joined: "," },
  simple: { exploded: ",", joined: "," },
  label: { exploded: ".", joined: "," },
  matrix: { exploded: ";", joined: "," },
  spaceDelimited: { exploded: "&", joined: " " },
  pipeDelimited: { exploded: "&", joined: "|" },
  deepObject: { exploded: "&", joined: "," },
};

/** What each place means where nothing is said. */
const defaults: Readonly<Record<Parameter["in"], ParameterStyle>> = {
  query: "form",
  body: "form",
  path: "simple",
  header: "simple",
};

/**
 * Reads how several values of a parameter are given in text.
 *
 * @param parameter The parameter.
 *
 * @returns Its style, and whether each value has a name of its own, as by repetition.
 */
export function styleOf({
  in: place,
  style = defaults[place],
  explode = style === "form" || style === "deepObject",
}: Parameter): {
  readonly style: ParameterStyle;
  readonly explode: boolean;
} {
  return { style, explode };
}

/**
 * Splitter of the text of a parameter.
 *
 * @param parameter The parameter.
 *
 * @returns The functions; undefined where the pairs of a query or a form are the values already.
 */
export function cuttingOf(parameter: Parameter): Cutting | undefined {
  const { style, explode } = styleOf(parameter);
  const { exploded, joined } = separators[style];
  if (explode && exploded === "&") return undefined;
  const separator = explode ? exploded : joined;
  const lead = style === "label" ? "." : style === "matrix" ? ";" : "";
  const withoutLead = (text: string) => (text.startsWith(lead) ? text.slice(lead.length) : text);
  /** `;id=5` has a name before the value, or before each of them; without a value, it is the empty one. */
  const withoutName = (text: string, decode: Decode) => {
    if (style !== "matrix") return text;
    const end = text.indexOf("=");
    return decode(end < 0 ? text : text.slice(0, end)) === parameter.name
      ? text.slice(end < 0 ? text.length : end + 1)
      : text;
  };
  const trim = (text: string) => (parameter.in === "header" ? text.trim() : text);
  const cut = (text: string) => text.split(sentAs(separator, text)).map(trim);
  return {
    whole: (text, decode) => decode(withoutName(withoutLead(text), decode)),
    list(text, decode) {
      if (text === "") return [];
      const values = explode
        ? cut(withoutLead(text)).map((value) => withoutName(value, decode))
        : cut(withoutName(withoutLead(text), decode));
      return values.map(decode);
    },
    pairs(text, decode) {
      if (text === "") return [];
      if (explode) {
        return cut(withoutLead(text)).map((pair) => {
          const at = pair.indexOf("=");
          return at < 0 ? [decode(pair), ""] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
        });
      }
      const parts = cut(withoutName(withoutLead(text), decode)).map(decode);
      return parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? ""]] : []));
    },
  };
}

/**
 * Finds what a separator looks like in a text. A space and a vertical bar must not stand in a URL as they are. A bar that
 * does all the same separates, and one that is escaped is then part of a value.
 */
function sentAs(separator: string, text: string): string | RegExp {
  if (separator === " ") return / |%20|\+/;
  return separator === "|" && !text.includes("|") ? /%7C/i : separator;
}

/**
 * Creates the text of a parameter in a path.
 *
 * @param parameter The parameter.
 * @param value Its value: a scalar, a list or a flat object.
 *
 * @returns What a request has in its place, with escapes.
 */
export function styledText(parameter: Parameter, value: unknown): string {
  const { style, explode } = styleOf(parameter);
  const { exploded, joined } = separators[style];
  const encoded = (one: unknown) =>
    encodeURIComponent(typeof one === "object" ? JSON.stringify(one) : String(one)).replaceAll(
      ".",
      style === "label" ? "%2E" : ".",
    );
  const separator = explode ? exploded : joined;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const name = style === "matrix" ? `${encodeURIComponent(parameter.name)}=` : "";
  const lead = style === "label" ? "." : style === "matrix" ? ";" : "";
  if (isObject) {
    const pairs = Object.entries(value).map((pair) => pair.map(encoded).join(explode ? "=" : ","));
    return `${lead}${explode ? "" : name}${pairs.join(separator)}`;
  }
  const values = [value].flat().map(encoded);
  return explode
    ? `${lead}${values.map((one) => name + one).join(separator)}`
    : `${lead}${name}${values.join(separator)}`;
}

/**
 * Puts a value where the name of a deep parameter says: `filter[range][from]`.
 *
 * @param object The object so far; it is changed.
 * @param keys What stands in the brackets.
 * @param value The value; a second one for the same keys makes a list of them.
 */
export function putDeep(object: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  let inner = object;
  for (const key of keys.slice(0, -1)) {
    const next = inner[key];
    if (typeof next === "object" && next !== null && !Array.isArray(next)) inner = next as Record<string, unknown>;
    else inner = inner[key] = Object.create(null) as Record<string, unknown>;
  }
  const last = keys.at(-1) ?? "";
  const before = inner[last];
  if (before === undefined) inner[last] = value;
  else if (Array.isArray(before)) before.push(value);
  else inner[last] = [before, value];
}

/**
 * Reads the name of a deep parameter.
 *
 * @param name A name from a query or a form.
 *
 * @returns The parameter's name and what stands in brackets; undefined if it has none, or more than ten.
 */
export function deepNameOf(name: string): { readonly name: string; readonly keys: readonly string[] } | undefined {
  const start = name.indexOf("[");
  if (start < 1 || !name.endsWith("]")) return undefined;
  const keys = name.slice(start + 1, -1).split("][");
  return keys.length > 10 ? undefined : { name: name.slice(0, start), keys };
}
