import * as fc from "fast-check";
import type { ApiDefinition, Method, Parameter, Resource } from "../../src/api/definition.ts";
import type { JsonSchema } from "../../src/schema/json-schema.ts";

/** Names as a user may write them: columns of a table, words of any language (`$ref` is more than the validator understands). */
const name = fc.oneof(
  fc.constantFrom(
    "sepal.length",
    "Länge (cm)",
    "a b",
    "x:y",
    "%",
    "日本",
    "constructor",
    "__proto__",
    "a/b",
    "a~b",
    "Problem",
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((text) => !/[{}]/.test(text)),
);

/** What JSON can hold, without the minus zero that it cannot. */
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));

const scalar: fc.Arbitrary<JsonSchema> = fc.oneof(
  fc.record(
    { type: fc.constantFrom("number", "integer"), minimum: fc.integer(), default: fc.integer() },
    { requiredKeys: ["type"] },
  ),
  fc.record(
    {
      type: fc.constant("string"),
      maxLength: fc.nat(),
      enum: fc.uniqueArray(fc.string(), { minLength: 1 }),
      format: fc.constantFrom("date-time", "email"),
    },
    { requiredKeys: ["type"] },
  ),
  fc.constant({ type: "boolean" }),
);

/** Schemas of every kind that can refer to named ones, and to parts of themselves. */
const schemaOver = (names: readonly string[]): fc.Arbitrary<JsonSchema> =>
  fc.oneof(
    { arbitrary: plainOver(names), weight: 4 },
    // Only the whole schema is what `#` means.
    plainOver(names).map((inner) => ({ $defs: { inner }, type: "array", items: { $ref: "#/$defs/inner" } })),
  );

const plainOver = (names: readonly string[]): fc.Arbitrary<JsonSchema> =>
  fc.letrec<{ schema: JsonSchema }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3 },
      scalar,
      ...(names.length > 0
        ? [fc.constantFrom(...names).map((one) => ({ $ref: `#/components/schemas/${pointer(one)}` }))]
        : []),
      fc.constant(true),
      fc.record({ type: fc.constant("array"), items: tie("schema") }),
      fc
        .dictionary(name, tie("schema"), { maxKeys: 3 })
        .map((properties) => ({ type: "object", properties, additionalProperties: false })),
      fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }) }),
    ),
  })).schema;

/** A name in a reference: a JSON pointer (RFC 6901) in the fragment of a URI. */
export function pointer(text: string): string {
  return encodeURIComponent(text.replaceAll("~", "~0").replaceAll("/", "~1"));
}

const parameterOver = (schema: fc.Arbitrary<JsonSchema>): fc.Arbitrary<Omit<Parameter, "in">> =>
  fc.record(
    {
      name,
      required: fc.boolean(),
      schema,
      displayName: fc.string(),
      description: fc.string(),
      deprecated: fc.boolean(),
      example: json,
      style: fc.constantFrom("form", "spaceDelimited", "pipeDelimited", "deepObject", "simple"),
      explode: fc.boolean(),
    },
    { requiredKeys: ["name", "required", "schema"] },
  );

const file: fc.Arbitrary<Parameter> = fc.record({
  name,
  in: fc.constant("body"),
  required: fc.boolean(),
  schema: fc.constantFrom<JsonSchema[]>(
    { type: "string", format: "binary" },
    { type: "array", items: { type: "string", format: "binary" } },
  ),
  file: fc.record(
    { mediaTypes: fc.array(fc.constantFrom("image/*", "text/csv")), maxBytes: fc.nat() },
    { requiredKeys: [] },
  ),
});

const resourceOver = (schema: fc.Arbitrary<JsonSchema>): fc.Arbitrary<Resource> =>
  fc
    .record(
      {
        words: fc.array(fc.constantFrom("varieties", "größe", "a.b", "v1"), { minLength: 1, maxLength: 3 }),
        ids: fc.uniqueArray(name, { maxLength: 2 }),
        methods: fc.constantFrom<Method[][]>(["GET"], ["POST"], ["GET", "POST"]),
        displayName: fc.string(),
        description: fc.string(),
        deprecated: fc.boolean(),
        additional: fc.boolean(),
        arguments: fc.array(
          fc.record({ in: fc.constantFrom("query" as const, "body" as const), of: parameterOver(schema) }),
          { maxLength: 5 },
        ),
        headers: fc.uniqueArray(fc.constantFrom("x-client", "x-trace"), { maxLength: 2 }),
        files: fc.array(file, { maxLength: 2 }),
        body: fc.record({ required: fc.boolean(), schema }),
        result: fc.record({ description: fc.string(), schema, example: json }, { requiredKeys: [] }),
      },
      { requiredKeys: ["words", "ids", "methods", "additional", "arguments", "headers", "files"] },
    )
    .map(({ words, ids, arguments: given, headers, files, ...rest }) => {
      const parameters: Parameter[] = [
        ...ids.map((id): Parameter => ({ name: id, in: "path", required: true, schema: { type: "string" } })),
        ...headers.map(
          (header): Parameter => ({ name: header, in: "header", required: false, schema: { type: "string" } }),
        ),
        ...given.map(({ in: place, of }) => ({ ...of, in: place })),
        ...files,
      ];
      return {
        ...rest,
        path: `/${words.join("/")}${ids.map((id) => `/{${id}}`).join("")}`,
        parameters: parameters.filter(
          (one, index) => parameters.findIndex((other) => other.name === one.name) === index,
        ),
      };
    });

/** Definitions of every kind: what readers make of API files is a part of these. */
export const anyDefinition: fc.Arbitrary<ApiDefinition> = fc.uniqueArray(name, { maxLength: 4 }).chain((names) => {
  const schema = schemaOver(names);
  return fc.record(
    {
      title: fc.string({ minLength: 1 }),
      description: fc.string(),
      version: fc.constant("v1"),
      resources: fc.uniqueArray(resourceOver(schema), {
        selector: ({ path }) => path.replace(/\{[^{}]*\}/g, "{}"),
        maxLength: 4,
      }),
      schemas: fc
        .tuple(...names.map(() => schema))
        .map((schemas) => Object.fromEntries(names.map((one, index) => [one, schemas[index] ?? true]))),
    },
    { requiredKeys: ["title", "version", "resources", "schemas"] },
  );
});
