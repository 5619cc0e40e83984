/** How the elements of an array are written in JSON. */
type Element = "number" | "boolean" | "text" | "json";

/** The arrays of the built-in types, by their number in `pg_type`. */
export const arrayTypes: Readonly<Record<number, Element>> = {
  199: "json",
  1000: "boolean",
  1002: "text",
  1005: "number",
  1007: "number",
  1009: "text",
  1014: "text",
  1015: "text",
  1016: "number",
  1021: "number",
  1022: "number",
  1028: "number",
  1115: "text",
  1182: "text",
  1183: "text",
  1185: "text",
  1187: "text",
  1231: "number",
  2951: "text",
  3807: "json",
};

const inJson: Readonly<Record<Element, (text: string) => string>> = {
  // JSON has no NaN and no Infinity.
  number: (text) => (/^-?[\d.]/.test(text) ? text : JSON.stringify(text)),
  boolean: (text) => (text === "t" ? "true" : "false"),
  text: (text) => JSON.stringify(text),
  json: (text) => text,
};

/**
 * Creates the JSON text of an array as PostgreSQL writes it: `{1,NULL,"a b"}`.
 *
 * @param text The array. Bounds before it (`[0:1]={...}`) are dropped.
 * @param element What its elements are.
 *
 * @returns JSON. Numbers have all their digits.
 */
export function arrayToJson(text: string, element: Element): string {
  const piece = /"((?:[^"\\]|\\[\s\S])*)"|([{},])|([^{},"]+)/g;
  piece.lastIndex = Math.max(0, text.indexOf("{"));
  let json = "";
  for (let match = piece.exec(text); match !== null; match = piece.exec(text)) {
    const [, quoted, structure, plain] = match;
    if (structure !== undefined) json += structure === "{" ? "[" : structure === "}" ? "]" : ",";
    else if (quoted !== undefined) json += inJson[element](quoted.replace(/\\([\s\S])/g, "$1"));
    else json += plain === "NULL" ? "null" : inJson[element](plain ?? "");
  }
  return json;
}
