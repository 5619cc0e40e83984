import { isKnownFormat } from "./formats.ts";
import type { JsonSchema } from "./json-schema.ts";
import { assertions } from "./scalars.ts";
import { isRecord } from "./types.ts";

/** What a schema says in vain. */
export interface Unsupported {
  /** `unevaluatedProperties`; with its value where that is what is not known, `format: colour`. */
  readonly keyword: string;
  /** Which part of the schema has it: `properties.width`; empty for the schema itself. */
  readonly where: string;
}

/** What schemas the value of a keyword holds. */
const holders: Readonly<Record<string, "one" | "list" | "map">> = {
  items: "one",
  contains: "one",
  additionalProperties: "one",
  propertyNames: "one",
  not: "one",
  if: "one",
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits this table.
  then: "one",
  else: "one",
  allOf: "list",
  anyOf: "list",
  oneOf: "list",
  prefixItems: "list",
  properties: "map",
  patternProperties: "map",
  dependentSchemas: "map",
  $defs: "map",
  definitions: "map",
};

const others = ["type", "required", "minContains", "maxContains", "dependentRequired", "$ref"];

/** Keywords that say something to people or to tools, and nothing that could be held. */
const annotations = [
  ...["title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly"],
  ...["$comment", "$schema", "$id", "id", "xml", "externalDocs", "discriminator"],
  ...["contentEncoding", "contentMediaType", "contentSchema"],
];

const known: ReadonlySet<string> = new Set([
  ...Object.keys(assertions),
  ...Object.keys(holders),
  ...others,
  ...annotations,
]);

/**
 * Finds what a schema says that Launchpad does not hold.
 *
 * @param schema The schema.
 *
 * @returns Each keyword or format that is not supported, and where; those that begin with `x-` are the user's own.
 */
export function unsupportedKeywords(schema: JsonSchema): readonly Unsupported[] {
  const found: Unsupported[] = [];
  const visit = (one: unknown, where: string): void => {
    if (!isRecord(one)) return;
    for (const [keyword, value] of Object.entries(one)) {
      const at = where === "" ? keyword : `${where}.${keyword}`;
      const holder = Object.hasOwn(holders, keyword) ? holders[keyword] : undefined;
      if (holder === "one") visit(value, at);
      else if (holder === "list") {
        if (Array.isArray(value)) for (const [index, part] of value.entries()) visit(part, `${at}[${index}]`);
      } else if (holder === "map") {
        if (isRecord(value)) for (const [key, part] of Object.entries(value)) visit(part, `${at}.${key}`);
      } else if (keyword === "format") {
        if (typeof value === "string" && !isKnownFormat(value)) found.push({ keyword: `format: ${value}`, where });
      } else if (!known.has(keyword) && !keyword.startsWith("x-")) found.push({ keyword, where });
    }
  };
  visit(schema, "");
  return found;
}
