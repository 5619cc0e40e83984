import { describe, expect, it } from "vitest";
import { loadIncluded } from "../../../../src/api/read/file/load.ts";
import { readRaml } from "../../../../src/api/read/raml.ts";
import { isLaunchpadError } from "../../../../src/errors.ts";
import { createLogger } from "../../../../src/log.ts";

/** The body of a file begins on line 4. */
const header = "#%RAML 1.0\ntitle: iris API\nversion: v0\n";
const read = (body: string) => readRaml(header + body, { file: "iris.raml" });
const problemsOf = (body: string): string[] => {
  try {
    read(body);
    return [];
  } catch (error) {
    if (!isLaunchpadError(error)) throw error;
    expect(error.code).toBe("API_INVALID");
    return error.message.split("\n");
  }
};
const warningsOf = (body: string) => {
  const warnings: string[] = [];
  const log = createLogger((_, __, message) => warnings.push(message));
  readRaml(header + body, { file: "iris.raml", log });
  return warnings;
};
const indent = (text: string, spaces: number) => text.replace(/^(?=.)/gm, " ".repeat(spaces));
/** One parameter; it is on line 7, after the types if there are any. */
const withParameter = (declaration: string, types = "") =>
  `${types}/a:\n  get:\n    queryParameters:\n      p: ${declaration}\n`;
const schemaOf = (declaration: string, types = "") =>
  read(withParameter(declaration, types)).resources[0]?.parameters[0]?.schema;
const bodyOf = (type: string, types = "") =>
  read(`${types}/a:\n  post:\n    body:\n      application/json:\n${indent(type, 8)}`);

describe("a RAML 1.0 file", () => {
  it("becomes a definition", () => {
    const definition = read(`
description: All about irises
baseUri: https://{host}/iris/{version}
mediaType: application/json
types:
  Size: {type: number, minimum: 0, example: 1.5}
  Measured:
    properties:
      width: Size
      note?: string
  Variety:
    type: Measured
    displayName: A variety
    properties:
      name: {enum: [setosa, virginica]}
      parts: Variety[]
    example: {name: setosa, width: 1, parts: []}
(tracked): true
annotationTypes: {tracked: boolean}
/varieties/{id}:
  displayName: Varieties
  uriParameters:
    id: {type: integer, minimum: 1}
  (tracked): false
  get:
    description: Look one up
    queryParameters:
      width: {type: Size, description: In cm, displayName: Width}
      unit?: {enum: [cm, inch], default: cm}
      tags: {type: 'string[]', required: false, minItems: 1}
    headers:
      X-Lab?: string
    responses:
      200:
        description: The variety
        body: Variety
      404:
        body: {properties: {message: string}}
`);
    expect(definition).toEqual({
      source: expect.objectContaining({ file: definition.source?.file }),
      title: "iris API",
      version: "v0",
      description: "All about irises",
      resources: [
        {
          path: "/varieties/{id}",
          methods: ["GET", "POST"],
          displayName: "Varieties",
          description: "Look one up",
          additional: false,
          parameters: [
            { name: "id", in: "path", required: true, schema: { type: "integer", minimum: 1 } },
            {
              name: "width",
              in: "query",
              required: true,
              displayName: "Width",
              description: "In cm",
              example: 1.5,
              schema: { type: "number", minimum: 0 },
            },
            {
              name: "unit",
              in: "query",
              required: false,
              schema: { type: "string", enum: ["cm", "inch"], default: "cm" },
            },
            {
              name: "tags",
              in: "query",
              required: false,
              schema: { type: "array", items: { type: "string" }, minItems: 1 },
            },
            { name: "X-Lab", in: "header", required: false, schema: { type: "string" } },
          ],
          result: { description: "The variety", schema: { $ref: "#/components/schemas/Variety" } },
        },
      ],
      schemas: {
        Variety: {
          type: "object",
          title: "A variety",
          properties: {
            width: { type: "number", minimum: 0, examples: [1.5] },
            note: { type: "string" },
            name: { type: "string", enum: ["setosa", "virginica"] },
            parts: { type: "array", items: { $ref: "#/components/schemas/Variety" } },
          },
          required: ["width", "name", "parts"],
          examples: [{ name: "setosa", width: 1, parts: [] }],
        },
      },
    });
  });
});

describe("a type of RAML 1.0", () => {
  const types: [string, object][] = [
    ["", { type: "string" }],
    ["any", {}],
    ["integer", { type: "integer" }],
    ["boolean", { type: "boolean" }],
    ["nil", { type: "null" }],
    ["string | nil", { type: ["string", "null"] }],
    ["number | string", { anyOf: [{ type: "number" }, { type: "string" }] }],
    ["(number | string)[]", { type: "array", items: { anyOf: [{ type: "number" }, { type: "string" }] } }],
    ["integer[][]", { type: "array", items: { type: "array", items: { type: "integer" } } }],
    ["date-only", { type: "string", format: "date" }],
    ["datetime", { type: "string", format: "date-time" }],
    ["{type: datetime, format: rfc3339}", { type: "string", format: "date-time" }],
    ["{type: integer, format: int8}", { type: "integer", minimum: -128, maximum: 127 }],
    ["{type: integer, format: int64, multipleOf: 2}", { type: "integer", format: "int64", multipleOf: 2 }],
    ["{minLength: 1, maxLength: 9, pattern: '^a'}", { type: "string", minLength: 1, maxLength: 9, pattern: "^a" }],
    ["{enum: [1.10, 007], default: 1.10}", { type: "string", enum: ["1.10", "007"], default: "1.10" }],
    [
      "{type: array, items: number, uniqueItems: true}",
      { type: "array", items: { type: "number" }, uniqueItems: true },
    ],
    ["{items: {type: number, minimum: 0}}", { type: "array", items: { type: "number", minimum: 0 } }],
    ["{type: 'number[]', maxItems: 3}", { type: "array", items: { type: "number" }, maxItems: 3 }],
    [
      "{properties: {a: number, 'b?': string, 'c?': {required: true}}, additionalProperties: false}",
      {
        type: "object",
        properties: { a: { type: "number" }, b: { type: "string" }, "c?": { type: "string" } },
        required: ["a", "c?"],
        additionalProperties: false,
      },
    ],
    [
      "{properties: {/^x-/: integer}, minProperties: 1}",
      { type: "object", properties: {}, patternProperties: { "^x-": { type: "integer" } }, minProperties: 1 },
    ],
    ['\'{"type": "integer", "minimum": 1}\'', { type: "integer", minimum: 1 }],
    ['{type: \'{"type": "integer"}\', description: D}', { type: "integer" }],
  ];
  it.each(types)("is a JSON Schema: %s", (declaration, schema) => {
    expect(schemaOf(declaration)).toEqual(schema);
  });

  it.each([
    ["time-only", "12:30:00", "12:30:00Z"],
    ["datetime-only", "2026-01-31T12:30:00", "2026-01-31T12:30:00Z"],
    ["{type: datetime, format: rfc2616}", "Sun, 28 Feb 2016 16:41:41 GMT", "2016-02-28T16:41:41Z"],
  ])("of time has the form that RAML says: %s", (declaration, right, wrong) => {
    const { pattern } = Object(schemaOf(declaration)) as { pattern: string };
    expect(right).toMatch(new RegExp(pattern));
    expect(wrong).not.toMatch(new RegExp(pattern));
  });

  it("can be made of another, and narrow it", () => {
    const declared =
      "types:\n  Email: {type: string, pattern: '@', maxLength: 99, description: E}\n  Short: {type: Email, maxLength: 9}\n";
    expect(schemaOf("Short", declared)).toEqual({ type: "string", pattern: "@", maxLength: 9 });
    expect(schemaOf("{type: Short, minLength: 3}", declared)).toMatchObject({
      pattern: "@",
      minLength: 3,
      maxLength: 9,
    });
  });

  it("can be made of several", () => {
    const declared =
      "types:\n  A: {properties: {a: string}}\n  B: {properties: {b?: number}}\n  C: {type: [A, B], properties: {c: boolean}}\n";
    const definition = bodyOf("type: C\n", declared);
    expect(definition.resources[0]?.parameters).toEqual([
      { name: "a", in: "body", required: true, schema: { type: "string" } },
      { name: "b", in: "body", required: false, schema: { type: "number" } },
      { name: "c", in: "body", required: true, schema: { type: "boolean" } },
    ]);
  });

  it("can refer to itself", () => {
    const { resources, schemas } = bodyOf("Node\n", "types:\n  Node: {properties: {next?: Node, all: 'Node[]'}}\n");
    expect(resources[0]?.parameters[0]).toMatchObject({ name: "next", schema: { $ref: "#/components/schemas/Node" } });
    expect(schemas?.Node).toMatchObject({ properties: { all: { items: { $ref: "#/components/schemas/Node" } } } });
  });

  it("keeps its name, though a JSON Schema defines another thing by that name", () => {
    const text =
      '{"type": "object", "properties": {"p": {"$ref": "#/definitions/Point"}}, "definitions": {"Point": {"type": "array"}}}';
    const definition = bodyOf(
      "type: Both\n",
      `types:\n  Point: {properties: {x: number}}\n  Text: '${text}'\n  Both: {properties: {a: Text, b: Point}}\n`,
    );
    expect(definition.schemas).toMatchObject({
      Point: { type: "object", properties: { x: { type: "number" } } },
      Point2: { type: "array" },
      Text: { properties: { p: { $ref: "#/components/schemas/Point2" } } },
    });
  });

  it("can be a file, in a form", () => {
    const file = "type: file\nrequired: false\nfileTypes: [image/png, 'text/*']\nmaxLength: 100\n";
    const body = `/a:\n  post:\n    body:\n      multipart/form-data:\n        properties:\n          image:\n${indent(file, 12)}          more: file[]\n`;
    expect(read(body).resources[0]).toMatchObject({
      methods: ["POST"],
      parameters: [
        {
          name: "image",
          required: false,
          schema: { type: "string", format: "binary" },
          file: { mediaTypes: ["image/png", "text/*"], maxBytes: 100 },
        },
        {
          name: "more",
          required: true,
          schema: { type: "array", items: { type: "string", format: "binary" } },
          file: {},
        },
      ],
    });
  });

  it("has examples by name, or with more about them", () => {
    const exampleOf = (declaration: string) => read(withParameter(declaration)).resources[0]?.parameters[0]?.example;
    expect(exampleOf("{type: number, example: {value: 3, strict: false}}")).toBe(3);
    expect(exampleOf("{type: number, examples: {a: 1, b: 2}}")).toBe(1);
    expect(exampleOf("{type: string, example: 1.10}")).toBe("1.10");
    expect(exampleOf("{type: object, example: '{\"a\": 1}'}")).toEqual({ a: 1 });
  });
});

describe("a body of RAML 1.0", () => {
  it("has its properties as arguments", () => {
    const [resource] = bodyOf("properties:\n  a: number\n  b?: string\nexample: {a: 2}\n").resources;
    expect(resource).toMatchObject({
      methods: ["GET", "POST"],
      additional: false,
      parameters: [
        { name: "a", in: "body", required: true, example: 2 },
        { name: "b", in: "body", required: false },
      ],
    });
  });

  it("takes what is not described only if it says so", () => {
    expect(bodyOf("type: object\nadditionalProperties: true\n").resources[0]?.additional).toBe(true);
    expect(bodyOf("type: object\n").resources[0]?.additional).toBe(false);
  });

  it("that is no plain object is described as a whole", () => {
    const [resource] = bodyOf("type: number[]\nminItems: 1\nexample: [1]\n").resources;
    expect(resource).toMatchObject({
      methods: ["POST"],
      body: { required: true, schema: { type: "array", items: { type: "number" }, minItems: 1 }, example: [1] },
    });
  });

  it("leaves GET as it is where it can only be posted", () => {
    const { resources } = read(
      "mediaType: application/json\n/a:\n  get:\n    queryParameters: {q: string}\n  post:\n    body: number[]\n",
    );
    expect(resources).toMatchObject([
      { path: "/a", methods: ["GET"], parameters: [{ name: "q" }] },
      { path: "/a", methods: ["POST"], parameters: [], body: { schema: { type: "array" } } },
    ]);
  });
});

describe("a query string of RAML 1.0", () => {
  it("is one type, whose properties are parameters", () => {
    const [resource] = read(
      "types: {P: {properties: {a: number, b?: string}}}\n/a:\n  get:\n    queryString: P\n",
    ).resources;
    expect(resource?.parameters).toEqual([
      { name: "a", in: "query", required: true, schema: { type: "number" } },
      { name: "b", in: "query", required: false, schema: { type: "string" } },
    ]);
  });
});

describe("traits and resource types of RAML 1.0", () => {
  it("are mappings, and have functions for text", () => {
    const [resource] = read(`
types: {UserEntry: {properties: {id: integer}}}
traits:
  paged:
    queryParameters:
      <<name | !lowercamelcase>>?: {type: integer, default: <<from>>}
resourceTypes:
  collection:
    get:
      is: [paged: {name: page_number, from: 1}]
      responses: {200: {body: {application/json: '<<resourcePathName | !singularize | !uppercamelcase>>Entry[]'}}}
    post?:
      body: {application/json: {properties: {x: string}}}
/users:
  type: collection
  get:
`).resources;
    expect(resource?.parameters).toEqual([
      { name: "pageNumber", in: "query", required: false, schema: { type: "integer", default: 1 } },
    ]);
    expect(resource?.result?.schema).toEqual({ type: "array", items: { $ref: "#/components/schemas/UserEntry" } });
  });
});

describe("a library of RAML 1.0", () => {
  const root = new URL("file:///api/iris.raml");
  const open = async (text: string, others: Record<string, string>) => {
    const included = await loadIncluded(header + text, root, async (url) => {
      const found = others[url.pathname.slice("/api/".length)];
      if (found === undefined) throw new Error(`there is no ${url.pathname}`);
      return new TextEncoder().encode(found);
    });
    return readRaml(header + text, { file: "./iris.raml", url: root, cwd: new URL("file:///api/"), included });
  };
  const library = "#%RAML 1.0 Library\nusage: for all\nuses: {base: base.raml}\n";

  it("is not looked for outside of the folder of the API file", async () => {
    await expect(open("description: !include /etc/passwd\n/a: { get: }\n", {})).rejects.toThrow(
      /!include .*passwd: found a file elsewhere, expected one below the folder of the API file/,
    );
    await expect(open("uses: {l: ../l.raml}\n/a: { get: }\n", {})).rejects.toThrow(/found a file elsewhere/);
  });

  it("brings traits and resource types, whose names are those of the library", async () => {
    const { resources } = await open(
      "uses: {lib: lib.raml}\n/items:\n  type: {lib.collection: {item: Item}}\n  get:\n    is: [lib.paged, {lib.base.sorted: {by: name}}]\n",
      {
        "lib.raml": `#%RAML 1.0 Library
uses: {base: base.raml}
types:
  Page: {type: integer, minimum: 1}
  Filter: {properties: {page: Page}}
traits:
  limited: {queryParameters: {limit?: Page}}
  paged:
    queryParameters: {page: {type: Page, required: false}, unit?: base.Unit}
resourceTypes:
  collection:
    is: [limited]
    get: {description: All <<item>>}
`,
        "base.raml":
          "#%RAML 1.0 Library\ntypes:\n  Unit: {enum: [cm, inch]}\ntraits:\n  sorted: {queryParameters: {sort?: {enum: [<<by>>]}}}\n",
      },
    );
    expect(resources).toMatchObject([{ path: "/items", description: "All Item" }]);
    expect(resources[0]?.parameters).toEqual([
      { name: "page", in: "query", required: false, schema: { type: "integer", minimum: 1 } },
      { name: "unit", in: "query", required: false, schema: { type: "string", enum: ["cm", "inch"] } },
      { name: "sort", in: "query", required: false, schema: { type: "string", enum: ["name"] } },
      { name: "limit", in: "query", required: false, schema: { type: "integer", minimum: 1 } },
    ]);
  });

  it("brings types, by its name", async () => {
    const definition = await open(
      "uses: {lib: libs/shapes.raml}\n/a:\n  get:\n    queryParameters: {size: lib.Size, unit: lib.base.Unit}\n    responses: {200: {body: {application/json: 'lib.Shape[]'}}}\n",
      {
        "libs/shapes.raml": `${library}types:\n  Size: {type: number, minimum: 0}\n  Shape: {properties: {size: Size, unit: base.Unit, parts: 'Shape[]'}}\n`,
        "libs/base.raml": "#%RAML 1.0 Library\ntypes:\n  Unit: {enum: [cm, inch]}\n",
      },
    );
    expect(definition.resources[0]?.parameters.map(({ schema }) => schema)).toEqual([
      { type: "number", minimum: 0 },
      { type: "string", enum: ["cm", "inch"] },
    ]);
    expect(definition.resources[0]?.result?.schema).toEqual({
      type: "array",
      items: { $ref: "#/components/schemas/lib.Shape" },
    });
    expect(definition.schemas).toEqual({
      "lib.Shape": {
        type: "object",
        properties: {
          size: { type: "number", minimum: 0 },
          unit: { type: "string", enum: ["cm", "inch"] },
          parts: { type: "array", items: { $ref: "#/components/schemas/lib.Shape" } },
        },
        required: ["size", "unit", "parts"],
      },
    });
  });

  it("has problems with its own name and lines, and cannot use itself", async () => {
    const text = "uses: {lib: lib.raml}\n/a:\n  get:\n    queryParameters: {size: lib.Size}\n";
    await expect(open(text, { "lib.raml": "types:\n  Size: {type: numbr}\n" })).rejects.toThrow(
      "./lib.raml line 2: types lib.Size: type: there is no type numbr",
    );
    await expect(open(text, { "lib.raml": "#%RAML 1.0 Library\nuses: {x: lib.raml}\n" })).rejects.toThrow(
      "./lib.raml line 2: uses x: ./lib.raml: found a file that includes itself, expected no cycle",
    );
    await expect(open(text, {})).rejects.toThrow(
      "./iris.raml line 4: uses lib: ./lib.raml: found no file that can be read, expected one: there is no /api/lib.raml",
    );
  });
});

describe("a RAML 1.0 file with problems", () => {
  const declarations: [string, string, string][] = [
    [
      "a type that there is not",
      "numbr",
      "type: there is no type numbr: expected one of RAML 1.0 or of those below types. Did you mean number?",
    ],
    [
      "a library that there is not",
      "lib.Size",
      "type: there is no type lib.Size: expected one of RAML 1.0 or of those below types.",
    ],
    [
      "an expression that is none",
      "'(a | b'",
      'type: found "(a | b", expected a type such as string, Name[] or (string | number)[]',
    ],
    ["a facet of another type", "{type: string, minimum: 1}", "minimum: applies to number, and the type is string"],
    ["bounds that exclude each other", "{type: number, minimum: 2, maximum: 1}", "minimum: 2 is above maximum 1"],
    ["a bound that is none", "{type: number, minimum: low}", 'minimum: expected a number, found "low"'],
    ["a pattern that is none", "{pattern: '('}", "pattern: ( is not a regular expression"],
    ["a format that is none", "{type: number, format: int65}", "format: found int65, expected int8, int16"],
    ["required that is no flag", "{required: maybe}", 'required: expected true or false, found "maybe"'],
    ["an enum that is no list", "{enum: a}", 'enum: expected a list of one value or more, found "a"'],
    ["a misspelt facet", "{typ: number}", "unknown key typ: did you mean type?"],
    ["a file in the query", "file", "a file comes in the body: multipart/form-data"],
    ["XML", "'<schema/>'", "expected a JSON Schema, as text or as a mapping, found XML"],
    ["types of different kinds", "{type: [string, number]}", "type: found types of string and of number"],
  ];
  it.each(declarations)("is refused for %s", (_, declaration, message) => {
    const found = problemsOf(withParameter(declaration));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("iris.raml line 7: /a get queryParameters p");
    expect(found[0]).toContain(message);
  });

  it.each([
    [
      "a type that is made of itself",
      withParameter("A", "types:\n  A: {type: B, minLength: 1}\n  B: {type: A, minLength: 1}\n"),
      "line 6: types B: type: A -> B -> A: a type cannot be made of itself",
    ],
    [
      "a library that cannot be read",
      "uses: {lib: lib.raml}\n/a:\n  get:\n",
      'line 4: uses lib: found "lib.raml", expected the path of a file',
    ],
    [
      "an overlay",
      "extends: api.raml\n/a:\n  get:\n",
      "line 4: API: extends: overlays and extensions are not supported",
    ],
    [
      "a body without a media type",
      "/a:\n  post:\n    body: {properties: {a: string}}\n",
      "line 6: /a post body: names no media type: expected application/json: below it",
    ],
    [
      "queryString beside queryParameters",
      "/a:\n  get:\n    queryParameters: {}\n    queryString: {properties: {a: string}}\n",
      "line 7: /a get: queryString: is beside queryParameters",
    ],
    [
      "queryString that is no object",
      "/a:\n  get:\n    queryString: string\n",
      "line 6: /a get queryString: expected an object type with properties, it is text",
    ],
    [
      "a form that is no object",
      "/a:\n  post:\n    body:\n      multipart/form-data: string[]\n",
      "line 7: /a post body multipart/form-data: expected an object",
    ],
    ["the version of another model", "/a:\n  get:\n", ""],
  ])("is refused for %s", (_, body, message) => {
    if (message === "") {
      expect(() => readRaml(header + body, { file: "iris.raml", version: "v1" })).toThrow(
        "iris.raml line 3: version: found v0, and the model's version in the configuration makes it v1: make them agree",
      );
    } else expect(problemsOf(body).join("\n")).toContain(`iris.raml ${message}`);
  });
});

describe("what Launchpad ignores of a RAML 1.0 file", () => {
  it("is a warning with its line, except what is for other tools", () => {
    expect(
      warningsOf(
        "securitySchemes: {}\n(note): x\ntypes: {A: {discriminator: kind, facets: {x: string}, properties: {kind: string}}}\n/a:\n  (note): y\n  get:\n    securedBy: []\n    (note): z\n    responses: {200: {headers: {}, body: {text/csv: any, application/json: A}}}\n  put:\n",
      ),
    ).toEqual([
      "iris.raml line 4: API: securitySchemes is ignored: Launchpad does not check who calls: leave that to what stands in front of it",
      "iris.raml line 13: /a: put is ignored: Launchpad serves GET and POST",
      "iris.raml line 10: /a get: securedBy is ignored: Launchpad does not check who calls: leave that to what stands in front of it",
      "iris.raml line 12: /a get responses 200: headers is ignored: Launchpad sets the headers of a response itself",
      "iris.raml line 12: /a get responses 200 body: text/csv is ignored: Launchpad answers in JSON",
      "iris.raml line 6: types A: discriminator is ignored: which type a value has is seen by what fits",
    ]);
  });
});

describe("RAML 1.0, by its chapters", () => {
  const read1 = (text: string) => readRaml(`#%RAML 1.0\ntitle: t\n${text}`, { file: "./t.raml", version: "v3" });

  it("needs no version", () => {
    expect(read1("/a: { get: }\n").version).toBe("v3");
  });

  it("has types that may be nil", () => {
    const query =
      "/a:\n  get:\n    queryParameters:\n      a: string?\n      b: integer[]?\n      c: (string | number)?\n";
    expect(read1(query).resources[0]?.parameters.map(({ schema }) => schema)).toEqual([
      { type: ["string", "null"] },
      { type: ["array", "null"], items: { type: "integer" } },
      { anyOf: [{ anyOf: [{ type: "string" }, { type: "number" }] }, { type: "null" }] },
    ]);
  });

  it("annotates scalars", () => {
    const text =
      "description: { value: Good, (level): 1 }\n/a:\n  displayName: { value: An a, (level): 2 }\n  get:\n    queryParameters: { p: { minLength: { value: 2, (why): x } } }\n";
    const { description, resources } = read1(text);
    expect(description).toBe("Good");
    expect(resources[0]).toMatchObject({ displayName: "An a", parameters: [{ schema: { minLength: 2 } }] });
  });
});
