import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ApiDefinition, Method, Parameter, ParameterStyle } from "../../../../src/api/definition.ts";
import { createOpenApiDocument } from "../../../../src/api/write/openapi.ts";
import { silentLogger } from "../../../../src/log.ts";
import type { JsonSchema } from "../../../../src/schema/json-schema.ts";
import { createApi } from "../../../../src/server/handler.ts";
import { type Operation, requestOf, type Values } from "../../../support/openapi-client.ts";

interface Kind {
  readonly schema: JsonSchema;
  readonly value: fc.Arbitrary<unknown>;
  /** The styles that each place has for it, those that say nothing among them. */
  readonly styles: Readonly<Record<Parameter["in"], readonly Style[]>>;
}
type Style = { readonly style?: ParameterStyle; readonly explode?: boolean };

const word = fc.stringMatching(/^[a-zæ]{1,6}$/);
const asciiWord = fc.stringMatching(/^[a-z]{1,6}$/);
const plain: readonly Style[] = [{}];
const lists: Kind["styles"] = {
  query: [
    {},
    { explode: false },
    { style: "form", explode: true },
    { style: "spaceDelimited", explode: false },
    { style: "pipeDelimited", explode: false },
  ],
  body: [{}, { style: "pipeDelimited", explode: false }],
  path: [
    {},
    { style: "label" },
    { style: "label", explode: true },
    { style: "matrix" },
    { style: "matrix", explode: true },
  ],
  header: plain,
};
const scalars: Kind["styles"] = {
  query: plain,
  body: plain,
  path: [{}, { style: "label" }, { style: "matrix" }],
  header: plain,
};
const objects: Kind["styles"] = {
  query: [{}, { style: "deepObject", explode: true }],
  body: [{}, { style: "deepObject", explode: true }],
  path: [],
  header: [],
};

const point = { type: "object", properties: { x: { type: "number" }, label: { type: "string" } }, required: ["x"] };

const kinds: readonly Kind[] = [
  { schema: { type: "integer" }, value: fc.maxSafeInteger(), styles: scalars },
  {
    schema: { type: "number" },
    value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
    styles: scalars,
  },
  { schema: { type: "boolean" }, value: fc.boolean(), styles: scalars },
  { schema: { type: "string" }, value: asciiWord, styles: scalars },
  {
    schema: { type: "array", items: { type: "integer" } },
    value: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
    styles: lists,
  },
  {
    schema: { $ref: "#/components/schemas/Words" },
    value: fc.array(asciiWord, { minLength: 1, maxLength: 3 }),
    styles: lists,
  },
  { schema: point, value: fc.record({ x: fc.integer(), label: word }), styles: objects },
  {
    schema: { $ref: "#/components/schemas/Point" },
    value: fc.record({ x: fc.integer(), label: word }),
    styles: objects,
  },
];

const places = ["path", "query", "header", "body"] as const;

const argument = (name: string) =>
  fc
    .record({ kind: fc.constantFrom(...kinds), in: fc.constantFrom(...places), pick: fc.nat() })
    .filter(({ kind, in: place }) => kind.styles[place].length > 0)
    .chain(({ kind, in: place, pick }) => {
      const style = kind.styles[place][pick % kind.styles[place].length];
      // The name of a header is no text like any other.
      const called = place === "header" ? `x-${names.indexOf(name)}` : name;
      const parameter: Parameter = { name: called, in: place, required: true, schema: kind.schema, ...style };
      return fc.record({ parameter: fc.constant(parameter), value: kind.value });
    });

const file = fc.constant({
  parameter: {
    name: "photo",
    in: "body",
    required: true,
    schema: { type: "string", format: "binary" },
    file: { mediaTypes: ["text/plain"] },
  } satisfies Parameter as Parameter,
  value: new File(["hello"], "photo.txt", { type: "text/plain" }) as unknown,
});

const names = ["sepal.length", "in cm", "å", "a+b", "p&q"];

const given = fc.tuple(
  fc.subarray(names).chain((some) => fc.tuple(...some.map(argument))),
  fc.option(file, { freq: 4, nil: undefined }),
  fc.constantFrom<Method[][]>(["GET", "POST"], ["GET"], ["POST"]),
);

const comparable = (values: Values | undefined) =>
  Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [
      name,
      value instanceof File ? [value.name, value.type, value.size] : value,
    ]),
  );

describe("a request made as the OpenAPI document says", () => {
  it("is taken, and arrives as it was meant, whatever the API", async () => {
    const used = new Set<string>();
    await fc.assert(
      fc.asyncProperty(given, async ([some, photo, methods]) => {
        const all = photo && methods.includes("POST") ? [...some, photo] : some;
        const parameters = all.map(({ parameter }) => parameter);
        const values: Values = Object.fromEntries(all.map(({ parameter, value }) => [parameter.name, value]));
        const path = `/x${parameters.map((one) => (one.in === "path" ? `/{${one.name}}` : "")).join("")}`;
        const definition: ApiDefinition = {
          title: "Truth",
          version: "v1",
          resources: [{ path, methods, parameters, additional: false }],
          schemas: { Point: point, Words: { type: "array", items: { type: "string" } } },
        };
        let received: Record<string, unknown> | undefined;
        const api = createApi({
          definition,
          basePath: "/truth/v1",
          log: silentLogger,
          ready: async () => {},
          predict: (args) => {
            received = args;
            return {};
          },
        });
        const document = createOpenApiDocument(definition, { server: "./truth/v1" });
        for (const [method, operation] of Object.entries(document.paths[path] as Record<string, Operation>)) {
          for (const type of Object.keys(operation.requestBody?.content ?? { none: {} })) {
            used.add(`${method} ${type}`);
            received = undefined;
            const media = type === "none" ? undefined : type;
            const request = requestOf("http://api.test/truth/v1", path, method.toUpperCase(), operation, values, media);
            const response = await api.fetch(request);
            expect([response.status, await response.text()], `${method} ${request.url} ${type}`).toEqual([200, "{}"]);
            expect(comparable(received)).toEqual(comparable(values));
          }
        }
      }),
      { numRuns: 400 },
    );
    expect([...used].sort()).toEqual([
      "get none",
      "post application/json",
      "post application/x-www-form-urlencoded",
      "post multipart/form-data",
      "post none",
    ]);
  });
});
