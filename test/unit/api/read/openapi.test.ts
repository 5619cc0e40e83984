import { describe, expect, it } from "vitest";
import { type OpenApiOptions, readOpenApi } from "../../../../src/api/read/openapi.ts";
import { LaunchpadError } from "../../../../src/errors.ts";
import { createLogger } from "../../../../src/log.ts";

const file = "api.yaml";
/** Six lines, so that the body begins on line 6. */
const header = 'openapi: 3.1.0\ninfo:\n  title: Things API\n  version: "1.2.0"\n\n';
const old = header.replace("3.1.0", "3.0.3");
const read = (body: string, options: Partial<OpenApiOptions> = {}) =>
  readOpenApi(body.startsWith("openapi") || body.startsWith("{") ? body : header + body, { file, ...options });
const problemsOf = (body: string, options: Partial<OpenApiOptions> = {}): string[] => {
  try {
    read(body, options);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(LaunchpadError);
    expect((error as LaunchpadError).code).toBe("API_INVALID");
    return (error as LaunchpadError).message.split("\n");
  }
};
const warningsOf = (body: string, options: Partial<OpenApiOptions> = {}) => {
  const warnings: string[] = [];
  const log = createLogger((level, _, message) => warnings.push(`${level}: ${message}`));
  read(body, { ...options, log });
  return warnings;
};
/** One parameter of `GET /things`; it is on line 10. */
const withParameter = (parameter: string) =>
  `paths:\n  /things:\n    get:\n      parameters:\n        - ${parameter}\n`;
const parameterOf = (parameter: string, before = header) =>
  read(before + withParameter(parameter)).resources[0]?.parameters[0];
/** One schema of a query parameter, in OpenAPI 3.1 or before. */
const schemaOf = (schema: string, before = header) =>
  parameterOf(`{ name: p, in: query, schema: ${schema} }`, before)?.schema;
/** A body of one media type; the schema is on line 12. */
const withBody = (media: string, schema: string, more = "") =>
  `paths:\n  /things:\n    post:\n      requestBody:\n        required: true\n        content:\n          ${media}:\n            schema: ${schema}\n${more}`;
const bodyOf = (media: string, schema: string, more = "") => read(withBody(media, schema, more)).resources[0];

describe("an OpenAPI file", () => {
  it("becomes a definition", () => {
    const definition = read(`
paths:
  /things/{id}:
    summary: One thing
    parameters:
      - $ref: "#/components/parameters/Id"
    get:
      description: Looks at a thing
      deprecated: true
      parameters:
        - name: weight
          in: query
          required: true
          description: How heavy
          schema: { type: number, exclusiveMinimum: 0, maximum: 10, default: 1, title: Weight, examples: [2, 3] }
        - { name: X-Unit, in: header, schema: { enum: [kg, lb] }, example: kg }
      responses:
        "200":
          description: What it is
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Thing" }
              example: { name: stone }
        default: { description: Whatever went wrong }
components:
  parameters:
    Id: { name: id, in: path, required: true, schema: { type: integer } }
  schemas:
    Unused: { type: object }
    Thing:
      type: object
      required: [name]
      properties:
        name: { type: string }
        parts: { type: array, items: { $ref: "#/components/schemas/Thing" } }
`);
    expect(definition).toEqual({
      source: expect.objectContaining({ file: definition.source?.file }),
      title: "Things API",
      version: "v1",
      resources: [
        {
          path: "/things/{id}",
          methods: ["GET"],
          displayName: "One thing",
          description: "Looks at a thing",
          deprecated: true,
          additional: false,
          parameters: [
            { name: "id", in: "path", required: true, schema: { type: "integer" } },
            {
              name: "weight",
              in: "query",
              required: true,
              displayName: "Weight",
              description: "How heavy",
              example: 2,
              schema: { type: "number", exclusiveMinimum: 0, maximum: 10, default: 1 },
            },
            { name: "X-Unit", in: "header", required: false, schema: { enum: ["kg", "lb"] }, example: "kg" },
          ],
          result: {
            description: "What it is",
            schema: { $ref: "#/components/schemas/Thing" },
            example: { name: "stone" },
          },
        },
      ],
      schemas: {
        Thing: {
          type: "object",
          required: ["name"],
          properties: {
            name: { type: "string" },
            parts: { type: "array", items: { $ref: "#/components/schemas/Thing" } },
          },
        },
      },
    });
  });

  it("can be JSON, indented with tabs as well", () => {
    const api = { openapi: "3.0.3", info: { title: "T", version: "1" }, paths: { "/a": { get: { responses: {} } } } };
    expect(read(JSON.stringify(api, null, "\t"))).toMatchObject({ title: "T", resources: [{ path: "/a" }] });
  });

  it("is one resource where get and post ask the same, and two where they do not", () => {
    const parameters = "parameters: [{ name: p, in: query, schema: { type: number } }]";
    const form = (type: string) =>
      `requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { p: { type: ${type} } } } } } }`;
    const paths = (type: string) => `paths:\n  /a:\n    get:\n      ${parameters}\n    post:\n      ${form(type)}\n`;
    expect(read(paths("number")).resources.map(({ methods }) => methods)).toEqual([["GET", "POST"]]);
    expect(read(paths("string")).resources.map(({ methods }) => methods)).toEqual([["GET"], ["POST"]]);
  });

  it("has examples by name, in the file or in its components", () => {
    const components = "components: { examples: { heavy: { value: 9 } } }\n";
    const p =
      '{ name: p, in: query, schema: { type: number }, examples: { a: { $ref: "#/components/examples/heavy" } } }';
    expect(read(withParameter(p) + components).resources[0]?.parameters[0]?.example).toBe(9);
  });

  it("takes a result from 2XX or default where there is no 200", () => {
    const result = (responses: string) =>
      read(`paths: { /a: { get: { responses: ${responses} } } }`).resources[0]?.result;
    const json = "{ description: x, content: { application/json: { schema: { type: object } } } }";
    for (const status of ['"200"', '"201"', "2XX", "default"]) {
      expect(result(`{ "404": { description: none }, ${status}: ${json} }`)).toEqual({
        description: "x",
        schema: { type: "object" },
      });
    }
    expect(result('{ "404": { description: none } }')).toBeUndefined();
  });
});

describe("a parameter", () => {
  const styles: [string, object | undefined][] = [
    ["in: query, schema: { type: array, items: { type: string } }", undefined],
    ["in: query, schema: { type: string }", undefined],
    ["in: query, explode: false, schema: { type: array }", { style: "form", explode: false }],
    ["in: query, style: pipeDelimited, schema: { type: array }", { style: "pipeDelimited", explode: false }],
    ["in: query, style: spaceDelimited, schema: { type: array }", { style: "spaceDelimited", explode: false }],
    ["in: query, style: deepObject, schema: { type: object }", { style: "deepObject", explode: true }],
    ["in: query, schema: { type: object }", { style: "form", explode: true }],
    ["in: query, explode: false, schema: { type: object }", { style: "form", explode: false }],
    ["in: header, schema: { type: array }", { style: "simple", explode: false }],
    ["in: header, schema: { type: string }", undefined],
  ];
  it.each(styles)("is written as it says: %s", (parameter, expected) => {
    const { style, explode } = parameterOf(`{ name: p, ${parameter} }`) ?? {};
    expect(style === undefined && explode === undefined ? undefined : { style, explode }).toEqual(expected);
  });

  it("of the path can have a style", () => {
    const [resource] = read(
      "paths: { '/{a}/{b}': { get: { parameters: [{ name: a, in: path, required: true, schema: { type: array } }, { name: b, in: path, required: true, style: matrix, schema: { type: string } }] } } }",
    ).resources;
    expect(resource?.parameters).toMatchObject([
      { name: "a", style: "simple", explode: false },
      { name: "b", style: "matrix", explode: false },
    ]);
  });

  it("of an operation replaces that of its path", () => {
    const [resource] = read(
      "paths: { /a: { parameters: [{ name: p, in: query, schema: { type: string } }], get: { parameters: [{ name: p, in: query, schema: { type: number } }] } } }",
    ).resources;
    expect(resource?.parameters).toEqual([{ name: "p", in: "query", required: false, schema: { type: "number" } }]);
  });

  it("can be JSON", () => {
    const content = "content: { application/json: { schema: { type: object, properties: { a: { type: number } } } } }";
    expect(parameterOf(`{ name: p, in: query, ${content} }`)).toEqual({
      name: "p",
      in: "query",
      required: false,
      schema: { type: "object", properties: { a: { type: "number" } } },
    });
  });
});

describe("a schema", () => {
  const converted: [string, string, object][] = [
    ["nullable", "{ type: string, nullable: true }", { type: ["string", "null"] }],
    ["not nullable", "{ type: string, nullable: false }", { type: "string" }],
    [
      "an exclusive minimum",
      "{ type: number, minimum: 0, exclusiveMinimum: true }",
      { type: "number", exclusiveMinimum: 0 },
    ],
    ["an inclusive maximum", "{ type: number, maximum: 1, exclusiveMaximum: false }", { type: "number", maximum: 1 }],
    [
      "nested ones",
      "{ type: array, items: { oneOf: [{ type: string, nullable: true }, { type: number }] } }",
      { type: "array", items: { oneOf: [{ type: ["string", "null"] }, { type: "number" }] } },
    ],
  ];
  it.each(converted)("of OpenAPI 3.0 becomes one of 3.1: %s", (_, schema, expected) => {
    expect(schemaOf(schema, old)).toEqual(expected);
  });

  it("of OpenAPI 3.1 stays as it is, without what is for other tools", () => {
    const schema =
      "{ type: [integer, 'null'], exclusiveMinimum: 0, multipleOf: 2, not: { const: 4 }, xml: {}, externalDocs: {}, x-y: 1 }";
    expect(schemaOf(schema)).toEqual({
      type: ["integer", "null"],
      exclusiveMinimum: 0,
      multipleOf: 2,
      not: { const: 4 },
    });
  });

  it("may stand elsewhere in the file, and is copied from there", () => {
    const more =
      "        - { name: q, in: query, schema: { $ref: '#/paths/~1things/get/parameters/0/schema/items' } }\n";
    const [resource] = read(
      withParameter("{ name: p, in: query, schema: { type: array, items: { type: number } } }") + more,
    ).resources;
    expect(resource?.parameters[1]?.schema).toEqual({ type: "number" });
  });
});

describe("a body", () => {
  it.each(["application/json", "application/x-www-form-urlencoded", "multipart/form-data"])(
    "in %s has its properties as arguments",
    (media) => {
      const schema =
        "{ type: object, required: [a], properties: { a: { type: number, description: A }, b: { type: array, items: { type: string } } } }";
      expect(bodyOf(media, schema)).toMatchObject({
        methods: ["POST"],
        additional: false,
        parameters: [
          { name: "a", in: "body", required: true, description: "A", schema: { type: "number" } },
          { name: "b", in: "body", required: false, schema: { type: "array", items: { type: "string" } } },
        ],
      });
    },
  );

  it("may be described once for several media types", () => {
    const object = "{ $ref: '#/components/schemas/A' }";
    const more = `          multipart/form-data: { schema: ${object} }\ncomponents: { schemas: { A: { type: object, properties: { a: { type: string } } } } }\n`;
    expect(bodyOf("application/json", object, more)?.parameters).toMatchObject([{ name: "a", in: "body" }]);
  });

  it("takes what is not described only if it says so", () => {
    expect(bodyOf("application/json", "{ type: object, additionalProperties: true }")?.additional).toBe(true);
    expect(bodyOf("application/json", "{ type: object, additionalProperties: {} }")?.additional).toBe(true);
    expect(bodyOf("application/json", "{ type: object, additionalProperties: false }")?.additional).toBe(false);
    expect(bodyOf("application/json", "{ type: object }")?.additional).toBe(false);
  });

  it("that is no plain object is described as a whole", () => {
    const schemas = ["{ type: array, items: { type: number } }", "{ oneOf: [{ type: object }, { type: string }] }"];
    for (const schema of [...schemas, "{ type: object, additionalProperties: { type: number } }"]) {
      const resource = bodyOf("application/json", schema);
      expect(resource?.parameters).toEqual([]);
      expect(resource?.body).toMatchObject({ required: true, schema: {} });
    }
  });

  it("leaves out what only answers have", () => {
    const schema = "{ type: object, properties: { id: { type: string, readOnly: true }, a: { type: string } } }";
    expect(bodyOf("application/json", schema)?.parameters.map(({ name }) => name)).toEqual(["a"]);
  });

  it("has files", () => {
    const schema =
      "{ type: object, properties: { one: { type: string, format: binary, maxLength: 9 }, many: { type: array, items: { type: string, format: binary } }, png: { contentMediaType: image/png }, any: {}, text: { type: string } } }";
    const encoding =
      "            encoding: { one: { contentType: 'image/png, image/*' }, many: { contentType: text/csv } }\n";
    expect(bodyOf("multipart/form-data", schema, encoding)?.parameters).toEqual([
      {
        name: "one",
        in: "body",
        required: false,
        schema: { type: "string", format: "binary" },
        file: { maxBytes: 9, mediaTypes: ["image/png", "image/*"] },
      },
      {
        name: "many",
        in: "body",
        required: false,
        schema: { type: "array", items: { type: "string", format: "binary" } },
        file: { mediaTypes: ["text/csv"] },
      },
      {
        name: "png",
        in: "body",
        required: false,
        schema: { type: "string", format: "binary" },
        file: { mediaTypes: ["image/png"] },
      },
      { name: "any", in: "body", required: false, schema: { type: "string", format: "binary" }, file: {} },
      { name: "text", in: "body", required: false, schema: { type: "string" } },
    ]);
  });
});

describe("the version of an OpenAPI file", () => {
  const paths = "paths: { /a: { get: } }\n";
  it("has the major version of the model", () => {
    expect(problemsOf(paths, { version: "v1" })).toEqual([]);
    expect(problemsOf(paths, { version: "v2" })).toEqual([
      "api.yaml line 4: info: version: found 1.2.0, whose major version is 1, and the model's version in the configuration makes it v2: make them agree",
    ]);
    expect(read(header.replace('"1.2.0"', "v3") + paths).version).toBe("v3");
  });
});

describe("an OpenAPI file with problems", () => {
  it("is refused with all of them at once, each with its line", () => {
    expect(
      problemsOf(
        "openapi: 3.1.0\ninfo: { title: x }\npaths:\n  /a:\n    get:\n      parameter: []\n  /b:\n    get:\n      parameters:\n        - { name: p, in: qurey, schema: {} }\n        - { name: q, in: query, schema: { typ: number } }\n",
      ),
    ).toEqual([
      'api.yaml line 2: info: version: is missing: expected version: "1.0.0"',
      "api.yaml line 6: /a get: unknown key parameter: did you mean parameters?",
      'api.yaml line 10: /b get parameters p: in: found "qurey", expected query, path or header. Did you mean query?',
      "api.yaml line 11: /b get parameters q schema: unknown keyword typ: did you mean type?",
    ]);
  });

  const schemas: [string, string, string][] = [
    [
      "a type that is none",
      "{ type: numbr }",
      'type: found "numbr", expected string, number, integer, boolean, array, object or null. Did you mean number?',
    ],
    ["a bound that is no number", "{ minimum: low }", 'minimum: expected a number, found "low"'],
    ["a count below 0", "{ minLength: -1 }", "minLength: expected 0 or more, found -1"],
    ["a count that is not whole", "{ minItems: 1.5 }", "minItems: expected a whole number, found 1.5"],
    ["bounds that exclude each other", "{ minimum: 2, maximum: 1 }", "minimum: 2 is above maximum 1"],
    [
      "an exclusive minimum of 3.0",
      "{ minimum: 1, exclusiveMinimum: true }",
      "exclusiveMinimum: expected a number, as in exclusiveMinimum: 0, found true",
    ],
    ["a step of 0", "{ multipleOf: 0 }", "multipleOf: expected a number above 0, found 0"],
    ["a pattern that is none", "{ pattern: '(' }", 'pattern: expected a regular expression of ECMAScript, found "("'],
    ["an enum that is no list", "{ enum: a }", 'enum: expected a list of one or more, found "a"'],
    [
      "required at the property",
      "{ properties: { a: { required: true } } }",
      "a: required: expected a list of the names of properties, in the object that has them, found true",
    ],
    [
      "a reference to another file",
      "{ $ref: other.yaml#/A }",
      '$ref: found "other.yaml#/A", expected a place in this file',
    ],
    [
      "a reference to nothing",
      "{ $ref: '#/components/schemas/A' }",
      "$ref: there is no #/components/schemas/A in this file.",
    ],
    ["a dynamic reference", "{ $dynamicRef: '#a' }", "$dynamicRef is not supported"],
    ["text", "text", 'schema: found "text", expected a JSON Schema'],
    ["a reference to itself", "{ $ref: '#/paths/~1things/get/parameters/0/schema' }", "refers to itself: name it"],
  ];
  it.each(schemas)("is refused for %s", (_, schema, message) => {
    const found = problemsOf(withParameter(`{ name: p, in: query, schema: ${schema} }`));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("api.yaml line 10: /things get parameters p");
    expect(found[0]).toContain(message.replace(/\.$/, ""));
  });

  const parameters: [string, string, string][] = [
    ["a parameter without a schema", "{ name: p, in: query }", "p: schema: is missing"],
    ["a parameter without a place", "{ name: p, schema: {} }", "p: in: is missing, expected query, path or header"],
    ["a parameter without a name", "{ in: query, schema: {} }", "1: name: is missing"],
    [
      "a cookie that is required",
      "{ name: p, in: cookie, required: true, schema: {} }",
      "p: in: Launchpad reads no cookies",
    ],
    [
      "a style of another place",
      "{ name: p, in: query, style: simple, schema: { type: array } }",
      'p: style: found "simple", expected form, spaceDelimited',
    ],
    [
      "a list in JSON",
      "{ name: p, in: query, content: { application/json: { schema: { type: array } } } }",
      "p: content: is not for a list: write schema instead",
    ],
    [
      "a default that does not fit",
      "{ name: p, in: query, schema: { type: number, minimum: 1, default: 0 } }",
      "p: default: expected at least 1, found 0",
    ],
    [
      "a deep object that is none",
      "{ name: p, in: query, style: deepObject, schema: { type: array } }",
      "p: style: deepObject is for an object, and this is none",
    ],
    ["another content", "{ name: p, in: query, content: { text/xml: {} } }", "p: content: expected application/json"],
    [
      "a parameter that is not in the path",
      "{ name: p, in: path, required: true, schema: {} }",
      "/things: p is not in the path",
    ],
    ["a parameter of the path that is optional", "{ name: p, in: path, schema: {} }", "p: required: expected true"],
    ["text", "text", 'found "text", expected a mapping'],
  ];
  it.each(parameters)("is refused for %s", (_, parameter, message) => {
    const found = problemsOf(withParameter(parameter));
    expect(found.join("\n")).toContain(message);
    for (const one of found) expect(one).toMatch(/^api\.yaml line (10|7): /);
  });

  const files: [string, string, string][] = [
    ["another version", "openapi: 2.0.0\n", 'line 1: openapi: found "2.0.0", expected "3.1.0" or "3.0.3"'],
    ["Swagger", "openapi:\nswagger: '2.0'\n", "line 2: swagger: this is Swagger 2.0"],
    ["no path", "paths: {}\n", "line 6: paths: none has a get or a post"],
    ["no paths", "components: {}\n", "line 1: paths: none has a get or a post"],
    ["a path without a slash", "paths:\n  things: { get: }\n", "line 7: the path things does not begin with a slash"],
    ["a query in a path", "paths:\n  /a?b={b}: { get: }\n", "line 7: the path /a?b={b} has a segment"],
    ["a brace that does not close", "paths:\n  '/a{b': { get: }\n", 'line 7: the path /a{b has a segment "a{b"'],
    [
      "two paths that one request fits",
      "paths:\n  /{a}: { get: { parameters: [{ $ref: '#/x-a' }] } }\n  /{b}: { get: { parameters: [{ $ref: '#/x-b' }] } }\nx-a: { name: a, in: path, required: true, schema: {} }\nx-b: { name: b, in: path, required: true, schema: {} }\n",
      "line 8: /{b} clashes with /{a} on line 7",
    ],
    [
      "a parameter of the path that nobody describes",
      "paths:\n  /{id}: { get: }\n",
      "line 7: /{id}: {id} is not described: expected { name: id, in: path",
    ],
    [
      "a body of get",
      "paths:\n  /a:\n    get:\n      requestBody: { content: { application/json: {} } }\n",
      "line 9: /a get: requestBody: a get has no body",
    ],
    [
      "another media type",
      withBody("multipart/mixed", "{}"),
      "line 12: /things post requestBody: multipart/mixed is not supported",
    ],
    [
      "a form that is no object",
      withBody("multipart/form-data", "{ type: array }"),
      "line 13: /things post requestBody multipart/form-data: schema: expected type: object",
    ],
    [
      "media types that differ",
      withBody(
        "application/json",
        "{ type: object, properties: { a: {} } }",
        "          multipart/form-data: { schema: { type: object } }\n",
      ),
      "line 14: /things post requestBody: multipart/form-data is not what application/json is on line 12",
    ],
    [
      "no media type",
      "paths:\n  /a:\n    post:\n      requestBody: {}\n",
      "requestBody: content: expected application/json,",
    ],
    [
      "a name twice",
      "paths:\n  /{a}:\n    get:\n      parameters:\n        - { name: a, in: path, required: true, schema: {} }\n        - { name: a, in: query, schema: {} }\n",
      "line 11: /{a} get: a is on line 10 already, in the path",
    ],
    [
      "a parameter twice",
      "paths:\n  /a:\n    get:\n      parameters:\n        - { name: a, in: query, schema: {} }\n        - { name: a, in: query, schema: {} }\n",
      "line 11: /a get parameters a: is on line 10 already",
    ],
    [
      "a status that is none",
      "paths: { /a: { get: { responses: { ok: {} } } } }\n",
      "line 6: /a get responses: found ok, expected a status",
    ],
    ["!include", "paths: !include paths.yaml\n", "line 6: !include is not supported in this file"],
    ["broken YAML", "paths: [\n", "YAML: "],
  ];
  it.each(files)("is refused for %s", (_, body, message) => {
    const found = problemsOf(body);
    expect(found.join("\n")).toContain(message);
    for (const one of found) expect(one).toMatch(/^api\.yaml line \d+: /);
  });

  it.each(["", "text", "[]", "openapi: 3.1.0", "{}", "openapi: 3.1.0\ninfo: 1\npaths: 2\ncomponents: 3\nservers: 4\n"])(
    "is refused: %j",
    (text) => {
      const open = () => readOpenApi(text, { file });
      expect(open).toThrow(LaunchpadError);
      expect(open).toThrow(/^api\.yaml line \d+: /);
    },
  );
});

describe("what Launchpad ignores of an OpenAPI file", () => {
  it("is a warning with its line, once each", () => {
    const body = `servers: [{ url: "https://example.com/v1" }, { url: /things/v1 }]
security: []
webhooks: {}
paths:
  /a:
    get:
      security: []
      callbacks: {}
      parameters:
        - { name: c, in: cookie, schema: {} }
        - { name: Accept, in: header, schema: {} }
        - { name: p, in: query, example: 0, schema: { type: number, minimum: 1, format: money } }
      responses: { "200": { description: x, headers: {}, content: { text/csv: {} } } }
    put: {}
  /b:
    delete: {}
    wholly-unknown: 1
    post:
      requestBody:
        content: { application/json: { schema: { type: object, required: [p], properties: { p: { looks: nice } } } } }
components: { securitySchemes: {} }
x-extension: 1
`;
    expect(warningsOf(body, { basePath: "/things/v1" })).toEqual([
      "warning: api.yaml line 7: API: security is ignored: Launchpad does not check who calls: leave that to what stands in front of it",
      "warning: api.yaml line 8: API: webhooks is ignored: Launchpad calls nobody",
      "warning: api.yaml line 6: servers: https://example.com/v1 is ignored: Launchpad serves the paths below /things/v1, as the configuration says",
      "warning: api.yaml line 19: /a: put is ignored: Launchpad serves get and post",
      "warning: api.yaml line 13: /a get: callbacks is ignored: Launchpad calls nobody",
      "warning: api.yaml line 15: /a get parameters c: in: cookie is ignored: Launchpad reads no cookies",
      "warning: api.yaml line 16: /a get parameters Accept: name: is ignored: OpenAPI describes this header elsewhere",
      "warning: api.yaml line 17: /a get parameters p schema: format: money is not checked: Launchpad does not know it",
      "warning: api.yaml line 17: /a get parameters p: the example does not fit: expected at least 1, found 0",
      "warning: api.yaml line 18: /a get responses 200: headers is ignored: Launchpad sets the headers of a response itself",
      "warning: api.yaml line 18: /a get responses 200: text/csv is ignored: Launchpad answers in JSON",
      "warning: api.yaml line 21: /b: delete is ignored: Launchpad serves get and post",
      "warning: api.yaml line 22: /b: unknown key wholly-unknown is ignored",
      "warning: api.yaml line 25: /b post requestBody application/json schema p: looks is ignored: it is no keyword of JSON Schema",
      "warning: api.yaml line 25: /b post requestBody: required: is not true, but the body has properties that are required: a request without it is refused",
    ]);
  });
});
