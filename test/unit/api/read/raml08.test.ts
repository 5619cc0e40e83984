import { describe, expect, it } from "vitest";
import { loadIncluded } from "../../../../src/api/read/file/load.ts";
import { readRaml } from "../../../../src/api/read/raml.ts";
import { isLaunchpadError } from "../../../../src/errors.ts";
import { createLogger } from "../../../../src/log.ts";

/** The body of a file begins on line 5. */
const header = "#%RAML 0.8\n---\ntitle: iris API\nversion: v0\n";
const read = (body: string) => readRaml(header + body, { file: "iris.raml" });
const problemsOf = (run: () => unknown): string[] => {
  try {
    run();
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
/** A POST with a body; what is below `body` begins on line 8. */
const withBody = (body: string) => `/a:\n  post:\n    body:\n${indent(body, 6)}`;
const bodyOf = (body: string) => read(withBody(body)).resources[0];

describe("a named parameter of RAML 0.8", () => {
  const parameterOf = (facets: string) =>
    read(`/a:\n  get:\n    queryParameters:\n      p: ${facets}\n`).resources[0]?.parameters[0];

  it("can be a date, as HTTP has it", () => {
    const schema = Object(parameterOf("{type: date}")?.schema) as { type: string; pattern: string };
    expect(schema.type).toBe("string");
    expect("Sun, 06 Nov 1994 08:49:37 GMT").toMatch(new RegExp(schema.pattern));
    expect("1994-11-06").not.toMatch(new RegExp(schema.pattern));
  });

  it("can be of several types", () => {
    const facets =
      "[{type: integer, minimum: 1, required: true, description: A number}, {enum: [all], required: true}]";
    expect(parameterOf(facets)).toEqual({
      name: "p",
      in: "query",
      required: true,
      description: "A number",
      schema: {
        anyOf: [
          { type: "integer", minimum: 1 },
          { type: "string", enum: ["all"] },
        ],
      },
    });
  });

  it("can be a header", () => {
    const [resource] = read("/a:\n  get:\n    headers:\n      X-Unit: {enum: [cm, inch]}\n").resources;
    expect(resource?.parameters).toEqual([
      { name: "X-Unit", in: "header", required: false, schema: { type: "string", enum: ["cm", "inch"] } },
    ]);
  });
});

describe("a form of RAML 0.8", () => {
  it("has files, with their types and sizes", () => {
    const fields =
      "multipart/form-data:\n  formParameters:\n    image: {type: file, required: true, fileTypes: [image/png, 'image/*'], maxLength: 1000}\n    more: {type: file, repeat: true}\n    x: {type: number}\n";
    expect(bodyOf(fields)).toMatchObject({
      methods: ["POST"],
      parameters: [
        {
          name: "image",
          in: "body",
          required: true,
          schema: { type: "string", format: "binary" },
          file: { mediaTypes: ["image/png", "image/*"], maxBytes: 1000 },
        },
        {
          name: "more",
          required: false,
          schema: { type: "array", items: { type: "string", format: "binary" } },
          file: {},
        },
        { name: "x", required: false, schema: { type: "number" } },
      ],
    });
  });

  it("is one file by the name of file where it describes none, as in ML Launchpad, and says so", () => {
    const body = "multipart/form-data:\n  formParameters:\n    text:\n";
    expect(bodyOf(body)?.parameters).toMatchObject([{ name: "file", required: false, file: {} }]);
    expect(warningsOf(withBody(body))).toEqual([
      "iris.raml line 10: /a post body formParameters: text is ignored: where no file is described, a form in parts is one " +
        "file by the name of file, as in ML Launchpad. Add file: {type: file}, and the fields are read as well",
    ]);
    const both = bodyOf(`${body}    file: {type: file}\n`);
    expect(both?.parameters).toMatchObject([{ name: "text" }, { name: "file", file: {} }]);
  });

  it("is refused with a file where there is none", () => {
    const text = withBody("application/x-www-form-urlencoded:\n  formParameters:\n    f: {type: file}\n");
    expect(problemsOf(() => read(text))).toEqual([
      "iris.raml line 10: /a post body formParameters f: type: a file comes in the body: multipart/form-data",
    ]);
  });
});

describe("a JSON body of RAML 0.8", () => {
  const schema = `application/json:
  schema: |
    {
      "$schema": "http://json-schema.org/draft-03/schema",
      "type": "object",
      "properties": {
        "width": { "type": "number", "required": true, "minimum": 0, "exclusiveMinimum": true },
        "tags": { "type": "array", "items": { "type": "string" } },
        "any": { "type": "any" }
      }
    }
  example: |
    { "width": 1.5 }
`;

  it("has its properties as arguments, of drafts 3 and 4 as well", () => {
    expect(bodyOf(schema)).toEqual({
      path: "/a",
      methods: ["GET", "POST"],
      additional: false,
      parameters: [
        { name: "width", in: "body", required: true, example: 1.5, schema: { type: "number", exclusiveMinimum: 0 } },
        { name: "tags", in: "body", required: false, schema: { type: "array", items: { type: "string" } } },
        { name: "any", in: "body", required: false, schema: {} },
      ],
    });
  });

  it("has lines for its mistakes, though it is text", () => {
    const problems = problemsOf(() => read(withBody(schema.replace('"minimum": 0', '"minimum": "low"'))));
    expect(problems).toEqual([
      'iris.raml line 14: /a post body application/json schema width: minimum: expected a number, found "low"',
    ]);
  });

  it("that is no plain object is described as a whole, and posted", () => {
    const resource = bodyOf(
      'application/json:\n  schema: \'{"type": "array", "items": {"type": "number"}}\'\n  example: "[1, 2]"\n',
    );
    expect(resource).toMatchObject({
      methods: ["POST"],
      parameters: [],
      body: { required: true, schema: { type: "array", items: { type: "number" } }, example: [1, 2] },
    });
  });

  it("can refer to its own definitions, which get names", () => {
    const text =
      '{"type": "object", "properties": {"a": {"$ref": "#/definitions/point"}, "b": {"$ref": "#/definitions/point"}}, "definitions": {"point": {"type": "object", "properties": {"next": {"$ref": "#/definitions/point"}}}}}';
    const definition = read(withBody(`application/json:\n  schema: '${text}'\n`));
    expect(definition.resources[0]?.parameters.map((one) => one.schema)).toEqual([
      { $ref: "#/components/schemas/point" },
      { $ref: "#/components/schemas/point" },
    ]);
    expect(definition.schemas).toEqual({
      point: { type: "object", properties: { next: { $ref: "#/components/schemas/point" } } },
    });
  });

  it("can refer to definitions whose names a reference cannot hold as they are", () => {
    const text = '{"$ref": "#/definitions/petal%20~1%20sepal", "definitions": {"petal / sepal": {"type": "integer"}}}';
    const { resources, schemas } = read(withBody(`application/json:\n  schema: '${text}'\n`));
    expect(resources[0]?.body?.schema).toEqual({ $ref: "#/components/schemas/petal_sepal" });
    expect(schemas).toEqual({ petal_sepal: { type: "integer" } });
  });

  it("can be named, and needs no media type where the file has one", () => {
    const file = `mediaType: application/json\nschemas:\n  - size: '{"type": "object", "properties": {"x": {"type": "integer"}}}'\n/a:\n  post:\n    body:\n      schema: size\n    responses:\n      201:\n        body:\n          schema: size\n`;
    const [resource] = read(file).resources;
    expect(resource?.parameters).toMatchObject([{ name: "x", in: "body", schema: { type: "integer" } }]);
    expect(resource?.result?.schema).toMatchObject({ type: "object" });
  });

  it.each([
    ["another schema", '{"$ref": "other.json"}', '$ref: found "other.json", expected a place in the same schema'],
    ["XML", "<schema/>", "expected a JSON Schema, as text or as a mapping, found XML"],
    ["what Launchpad does not know", '{"properties": {"a": {"dependencies": {}}}}', "dependencies is not supported"],
  ])("is refused for %s", (_, text, message) => {
    const [problem] = problemsOf(() => read(withBody(`application/json:\n  schema: '${text}'\n`)));
    expect(problem).toMatch(/^iris\.raml line 9: /);
    expect(problem).toContain(message);
  });

  it("must be what a form beside it is", () => {
    const form = "application/x-www-form-urlencoded:\n  formParameters:\n    width: {type: string}\n";
    expect(problemsOf(() => read(withBody(schema + form)))).toEqual([
      "iris.raml line 21: /a post body: application/x-www-form-urlencoded is not what application/json is on line 8: a request may use any of them, describe them alike",
    ]);
  });
});

describe("a trait", () => {
  const traits = `traits:
  - paged:
      usage: where there is much
      queryParameters:
        limit: {type: integer, maximum: <<most>>, description: "At most <<most>> <<resourcePathName>>"}
  - secured:
      queryParameters:
        token: {required: true}
`;

  it("adds to methods what it says, with values for its placeholders", () => {
    const [resource] = read(
      `${traits}/users:\n  is: [secured]\n  get:\n    is: [paged: {most: 50}]\n    queryParameters:\n      q:\n`,
    ).resources;
    expect(resource?.parameters).toEqual([
      { name: "q", in: "query", required: false, schema: { type: "string" } },
      {
        name: "limit",
        in: "query",
        required: false,
        description: "At most 50 users",
        schema: { type: "integer", maximum: 50 },
      },
      { name: "token", in: "query", required: true, schema: { type: "string" } },
    ]);
  });

  it("leaves what a method says itself", () => {
    const [resource] = read(
      `${traits}/users:\n  get:\n    is: [secured]\n    queryParameters:\n      token: {required: false, type: integer}\n`,
    ).resources;
    expect(resource?.parameters).toMatchObject([{ name: "token", required: false, schema: { type: "integer" } }]);
  });

  it("adds what is optional only where it is there", () => {
    const optional = "traits:\n  - t:\n      queryParameters?:\n        a: {type: integer}\n      description: D\n";
    const parameters = (method: string) =>
      read(`${optional}/a:\n  get:\n    is: [t]\n${method}`).resources[0]?.parameters;
    expect(parameters("    queryParameters: {b: }\n")).toMatchObject([{ name: "b" }, { name: "a" }]);
    expect(parameters("")).toEqual([]);
  });

  it.each([
    [
      "a value that is missing",
      "/a:\n  get:\n    is: [paged]\n",
      "line 15: /a get is: trait paged: needs a value for <<most>>: expected { most: ... } after its name",
    ],
    [
      "a use that is no list",
      "/a:\n  get:\n    is: secured\n",
      'line 15: /a get is: found "secured", expected a list of traits: [secured]',
    ],
    [
      "a use that is no name",
      "/a:\n  get:\n    is: [[secured]]\n",
      "line 15: /a get is: found a list, expected the name of a trait",
    ],
  ])("is refused for %s", (_, body, message) => {
    expect(problemsOf(() => read(traits + body)).join("\n")).toContain(message);
  });

  it("gets a warning for a value that it has no place for", () => {
    expect(warningsOf(`${traits}/a:\n  get:\n    is: [secured: {most: 5}]\n`)).toEqual([
      "iris.raml line 15: /a get is: trait secured: most is ignored: there is no <<most>> in it",
    ]);
  });
});

describe("a resource type", () => {
  const types = `resourceTypes:
  - base:
      description: The <<resourcePathName | !singularize>>, one of <<resourcePath>>
      get:
        responses:
          200:
            body:
              application/json:
                example: '{"of": "<<item | !pluralize>>"}'
  - member:
      type: {base: {item: <<item>>}}
      get?:
        queryParameters:
          expand: {type: boolean}
      post?:
        queryParameters:
          force: {type: boolean}
`;

  it("adds what it says, and what its own type says", () => {
    const [resource] = read(`${types}/entries:\n  type: {member: {item: city}}\n  get:\n`).resources;
    expect(resource).toMatchObject({
      description: "The entry, one of /entries",
      parameters: [{ name: "expand", schema: { type: "boolean" } }],
      result: { example: { of: "cities" } },
    });
  });

  it("adds optional methods only where they are there", () => {
    const names = (methods: string) =>
      read(`${types}/entries:\n  type: {member: {item: x}}\n${methods}`).resources.map(({ parameters }) =>
        parameters.map(({ name }) => name),
      );
    expect(names("  post:\n")).toEqual([[], ["force"]]);
    expect(names("  get:\n  post:\n")).toEqual([["expand"], ["force"]]);
  });

  it("may have traits", () => {
    const both = "traits: [t: {queryParameters: {p: }}]\nresourceTypes: [r: {get: {is: [t]}}]\n";
    expect(read(`${both}/a:\n  type: r\n`).resources[0]?.parameters).toMatchObject([{ name: "p" }]);
  });

  it("cannot be made of itself", () => {
    const cycle = "resourceTypes: [a: {type: b}, b: {type: a}]\n";
    expect(problemsOf(() => read(`${cycle}/x:\n  type: a\n  get:\n`)).join()).toContain(
      "line 5: /x type: a -> b -> a: found a cycle, expected none",
    );
  });

  it("knows no other functions", () => {
    const text = "resourceTypes: [a: {description: '<<resourcePath | !pluralise>>'}]\n/x:\n  type: a\n  get:\n";
    expect(problemsOf(() => read(text)).join()).toContain("there is no function !pluralise: expected singularize");
    expect(problemsOf(() => read(text)).join()).toContain("Did you mean pluralize?");
  });
});

describe("!include in a RAML file", () => {
  const root = new URL("file:///api/iris.raml");
  /** Reads a file that includes others, from a folder that is a mapping. */
  const open = async (text: string, others: Record<string, string> = {}) => {
    const included = await loadIncluded(header + text, root, async (url) => {
      const found = others[url.pathname.slice("/api/".length)];
      if (found === undefined) throw new Error(`there is no ${url.pathname}`);
      return new TextEncoder().encode(found);
    });
    return readRaml(header + text, { file: "./iris.raml", url: root, cwd: new URL("file:///api/"), included });
  };
  const failing = async (text: string, others?: Record<string, string>) => {
    try {
      await open(text, others);
    } catch (error) {
      if (isLaunchpadError(error)) return error.message;
      throw error;
    }
    return "";
  };

  it("takes in YAML, JSON and text, each relative to the file that it stands in", async () => {
    const definition = await open(
      "documentation: [{title: T, content: !include docs/about.md}]\n/a: !include parts/a.raml\n",
      {
        "docs/about.md": "Irises: not # YAML",
        "parts/a.raml":
          "get:\n  queryParameters: !include ../query.yml\n  responses: {200: {body: {application/json: {schema: !include schema.json}}}}\n",
        "query.yml": "p: {type: number}\n",
        "parts/schema.json": '{"type": "object"}',
      },
    );
    expect(definition).toMatchObject({
      description: "## T\n\nIrises: not # YAML",
      resources: [{ parameters: [{ name: "p", schema: { type: "number" } }], result: { schema: { type: "object" } } }],
    });
  });

  it("has problems with the name and the line of the included file", async () => {
    const others = {
      "q.raml": "#%RAML 0.8\np: {type: number}\nq: {type: numbr}\n",
      "s.json": '{\n  "type": "strin"\n}',
    };
    expect(
      await failing(
        "/a:\n  get:\n    queryParameters: !include q.raml\n    body: {application/json: {schema: !include s.json}}\n",
        others,
      ),
    ).toBe(
      './q.raml line 3: /a get queryParameters q: type: "numbr" is not supported: expected one of number, integer, string, boolean, date, file; string[] for a list\n' +
        './s.json line 2: /a get body application/json schema: type: found "strin", expected string, number, integer, boolean, array, object or null. Did you mean string?',
    );
  });

  it.each([
    [
      "a file that there is not",
      "/a: !include a.raml\n",
      {},
      "./iris.raml line 5: !include ./a.raml: found no file that can be read, expected one: there is no /api/a.raml",
    ],
    [
      "a URL",
      "/a: !include https://example.com/a.raml\n",
      {},
      './iris.raml line 5: !include found "https://example.com/a.raml", expected the path of a file, relative to this one',
    ],
    [
      "a file that includes itself",
      "/a: !include a.raml\n",
      { "a.raml": "/b: !include a.raml\n" },
      "./a.raml line 1: !include ./a.raml: found a file that includes itself, expected no cycle",
    ],
    ["a mapping", "/a: !include {x: 1}\n", {}, "./iris.raml line 5: !include: expected the path of a file after it"],
  ])("is refused for %s", async (_, text, others, message) => {
    expect(await failing(text, others as unknown as Record<string, string>)).toContain(message);
  });

  it("cannot multiply without an end", async () => {
    const others = Object.fromEntries(
      Array.from({ length: 30 }, (_, level) => [
        `${level}.raml`,
        `a: !include ${level + 1}.raml\nb: !include ${level + 1}.raml\n`,
      ]),
    );
    expect(await failing("/a: !include 0.raml\n", others)).toContain("found more than 500 included files");
  });
});

describe("the extension of a path", () => {
  it("is ignored with a warning", () => {
    const body =
      "/a{mediaTypeExtension}:\n  uriParameters: {mediaTypeExtension: {enum: [.json]}}\n  get:\n/b.{ext}:\n  get:\n";
    expect(read(body).resources.map(({ path }) => path)).toEqual(["/a", "/b"]);
    expect(warningsOf(body)).toEqual([
      "iris.raml line 5: /a{mediaTypeExtension}: {mediaTypeExtension} is ignored: Launchpad answers in JSON, whatever a path ends with",
      "iris.raml line 8: /b.{ext}: .{ext} is ignored: Launchpad answers in JSON, whatever a path ends with",
    ]);
  });
});
