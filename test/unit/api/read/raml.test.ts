import { describe, expect, it } from "vitest";
import { readRaml } from "../../../../src/api/read/raml.ts";
import { LaunchpadError } from "../../../../src/errors.ts";
import { createLogger } from "../../../../src/log.ts";

const file = "iris.raml";
const header = "#%RAML 0.8\n---\ntitle: iris API\nversion: v0\n";
const read = (body: string) => readRaml(header + body, { file });

/** The problems of a file that is refused; none if it is not. */
const problems = (text: string, version?: string): string[] => {
  try {
    readRaml(text, { file, ...(version && { version }) });
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(LaunchpadError);
    expect((error as LaunchpadError).code).toBe("API_INVALID");
    return (error as LaunchpadError).message.split("\n");
  }
};
const problemsOf = (body: string) => problems(header + body);
const warningsOf = (body: string) => {
  const warnings: string[] = [];
  readRaml(header + body, { file, log: createLogger((level, _, message) => warnings.push(`${level}: ${message}`)) });
  return warnings;
};
/** A file with one query parameter; its facets are on line 9. */
const withFacets = (facets: string) => `/things:\n  get:\n    queryParameters:\n      p:\n        ${facets}\n`;

describe("a RAML file", () => {
  it("becomes a definition", () => {
    const definition = read(`
baseUri: https://{host}/iris/{version}
documentation:
  - title: About
    content: |
      Irises.
/varieties:
  displayName: Varieties
  get:
    description: Predict a variety
    queryParameters:
      sepal.length: {type: number, description: Sepal length in cm, displayName: Length, required: true, example: 3.14, minimum: 0, maximum: 10}
      unit: {enum: [cm, inch], default: cm}
      tags: {type: 'string[]', minLength: 1, maxLength: 9, pattern: '^\\w+$', example: [a, b]}
      many: {type: integer, repeat: true}
      fine: {type: boolean, default: false}
      plain:
    responses:
      200:
        description: The variety
        body:
          application/json:
            schema: '{"type": "object"}'
            example: {variety: setosa, p: [1.5]}
`);
    expect(definition).toEqual({
      source: expect.objectContaining({ file: definition.source?.file }),
      title: "iris API",
      version: "v0",
      description: "## About\n\nIrises.",
      resources: [
        {
          path: "/varieties",
          methods: ["GET", "POST"],
          displayName: "Varieties",
          description: "Predict a variety",
          additional: false,
          parameters: [
            {
              name: "sepal.length",
              in: "query",
              required: true,
              schema: { type: "number", minimum: 0, maximum: 10 },
              example: 3.14,
              displayName: "Length",
              description: "Sepal length in cm",
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
              schema: { type: "array", items: { type: "string", minLength: 1, maxLength: 9, pattern: "^\\w+$" } },
              example: ["a", "b"],
            },
            { name: "many", in: "query", required: false, schema: { type: "array", items: { type: "integer" } } },
            { name: "fine", in: "query", required: false, schema: { type: "boolean", default: false } },
            { name: "plain", in: "query", required: false, schema: { type: "string" } },
          ],
          result: {
            description: "The variety",
            schema: { type: "object" },
            example: { variety: "setosa", p: [1.5] },
          },
        },
      ],
    });
  });

  it("can nest as many resources as it likes, and only those with a method answer", () => {
    const { resources } = read(
      "/a:\n  /{id}:\n    uriParameters:\n      id: {type: integer}\n    get:\n    /b/{name}:\n      post:\n/c:\n  get:\n/d:\n  get:\n/e:\n  get:\n",
    );
    expect(
      resources.map(({ path, parameters }) => [
        path,
        parameters.map(({ name, schema }) => `${name}: ${JSON.stringify(schema)}`),
      ]),
    ).toEqual([
      ["/a/{id}", ['id: {"type":"integer"}']],
      ["/a/{id}/b/{name}", ['id: {"type":"integer"}', 'name: {"type":"string"}']],
      ["/c", []],
      ["/d", []],
      ["/e", []],
    ]);
  });

  it("has form parameters too", () => {
    const [get, post] = read(
      "/a:\n  get:\n    queryParameters:\n      q: {type: number}\n  post:\n    body:\n      application/x-www-form-urlencoded:\n        formParameters:\n          q: {type: number, description: the same}\n          f:\n",
    ).resources;
    expect(get).toMatchObject({ methods: ["GET"], parameters: [{ name: "q", in: "query" }] });
    expect(post).toMatchObject({
      methods: ["POST"],
      parameters: [
        { name: "q", in: "body", schema: { type: "number" } },
        { name: "f", in: "body", schema: { type: "string" } },
      ],
    });
  });

  it("asks of POST what it says of POST, and of a method that it does not describe what it says of the other", () => {
    const query = "queryParameters: {p: {required: true}}";
    const takes = (methods: string) =>
      read(`/a:\n  get: {${query}}\n${methods}`).resources.map(({ methods: of, parameters }) => [
        of.join(),
        parameters.map(({ name }) => name).join(),
      ]);
    expect(takes("")).toEqual([["GET,POST", "p"]]);
    expect(takes("  post:\n")).toEqual([["GET,POST", "p"]]);
    expect(takes("  post: {description: Predicts}\n")).toEqual([
      ["GET", "p"],
      ["POST", ""],
    ]);
    expect(takes("  post: {queryParameters: {r: {}}}\n")).toEqual([
      ["GET", "p"],
      ["POST", "r"],
    ]);
    expect(takes(`  post: {${query}, description: Predicts}\n`)).toEqual([["GET,POST", "p"]]);
  });

  it("keeps text as it is written, without quotation marks too", () => {
    const [resource] = read(withFacets("{enum: [1.10, true, 007], default: 1.10}")).resources;
    expect(resource?.parameters[0]).toMatchObject({ schema: { enum: ["1.10", "true", "007"], default: "1.10" } });
  });

  it("takes the schema of a result by name", () => {
    const [resource] = read(
      'schemas:\n  - variety: \'{"type": "object"}\'\n/a:\n  get:\n    responses:\n      200:\n        body:\n          application/json:\n            schema: variety\n',
    ).resources;
    expect(resource?.result).toEqual({ schema: { type: "object" } });
  });

  it("may use aliases", () => {
    const [resource] = read(
      "/a:\n  get:\n    queryParameters:\n      p: &cm {type: number, minimum: 0}\n      q: *cm\n",
    ).resources;
    expect(resource?.parameters).toMatchObject([{ name: "p" }, { name: "q", schema: { type: "number", minimum: 0 } }]);
  });

  it("may have a byte order mark and CRLF", () => {
    expect(readRaml(`\uFEFF${header}/a:\n  get:\n`.replace(/\n/g, "\r\n"), { file }).resources).toHaveLength(1);
  });
});

describe("the first line of a RAML file", () => {
  it("says RAML 0.8 or 1.0", () => {
    expect(problems("title: x\nversion: v0\n/a: {get: }\n")).toEqual([
      'iris.raml line 1: found "title: x", expected #%RAML 0.8 or #%RAML 1.0',
    ]);
  });

  it.each(["#%RAML 2.0", "#%RAML 1.0 Library", "#%RAML 1.0 Overlay", "#%RAML"])("is the only problem: %s", (first) => {
    const found = problems(`${first}\nmeaning: {}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`iris.raml line 1: found "${first}"`);
  });
});

describe("the version of a RAML file", () => {
  it("is that of the model", () => {
    const text = `${header}/a:\n  get:\n`;
    expect(problems(text, "v0")).toEqual([]);
    expect(problems(text, "v1")).toEqual([
      "iris.raml line 4: version: found v0, and the model's version in the configuration makes it v1: make them agree",
    ]);
  });
});

describe("what a RAML file says of its version", () => {
  it.each(["v1", "1", "1.0", "v1.2.3"])("begins with the major version: %s", (version) => {
    const text = `#%RAML 0.8\ntitle: x\nversion: ${version}\n/a:\n  get:\n`;
    expect(readRaml(text, { file, version: "v1" }).version).toBe("v1");
  });

  it("is a number", () => {
    expect(problems("#%RAML 0.8\ntitle: x\nversion: beta\n/a:\n  get:\n")).toEqual([
      "iris.raml line 3: version: found beta, expected v and the major version of the model: v0",
    ]);
  });
});

describe("a RAML file with problems", () => {
  it("is refused with all of them at once, each with its line", () => {
    expect(
      problems(
        "#%RAML 0.8\ntitle: x\n/a:\n  get:\n    queryParameter:\n      p: {type: number}\n/b:\n  get:\n    queryParameters:\n      p: {type: numbr, requried: true}\n",
      ),
    ).toEqual([
      "iris.raml line 1: version is missing: expected version: v0",
      "iris.raml line 5: /a get: unknown key queryParameter: did you mean queryParameters?",
      "iris.raml line 10: /b get queryParameters p: unknown key requried: did you mean required?",
      'iris.raml line 10: /b get queryParameters p: type: "numbr" is not supported: expected one of number, integer, string, boolean, date, file; string[] for a list',
    ]);
  });

  const facets: [string, string][] = [
    ["{type: dat}", 'type: "dat" is not supported'],
    ["{type: date, example: 2026-01-31}", "example: expected text that matches"],
    ["{type: date, minimum: 1}", "minimum: applies to number and integer"],
    ["{type: file}", "type: a file comes in the body: multipart/form-data"],
    ["{type: [string, number]}", "type: a list is not supported"],
    ["{required: yes}", 'required: expected true or false, found "yes"'],
    ["{type: number, minimum: low}", 'minimum: expected a number, found "low"'],
    ["{type: number, minimum: .inf}", "minimum: expected a finite number, found .inf"],
    ["{type: number, minimum: 2, maximum: 1}", "minimum: 2 is above maximum 1"],
    ["{minLength: 2, maxLength: 1}", "minLength: 2 is above maxLength 1"],
    ["{minLength: -1}", "minLength: expected 0 or more characters, found -1"],
    ["{minLength: 1.5}", "minLength: expected a whole number of characters, found 1.5"],
    ["{minimum: 1}", "minimum: applies to number and integer, and the type is string"],
    ["{type: number, pattern: x}", "pattern: applies to string, and the type is number"],
    ["{pattern: '('}", "pattern: ( is not a regular expression of ECMAScript"],
    ["{enum: []}", "enum: expected a list of one value or more"],
    ["{enum: a}", 'enum: expected a list of one value or more, found "a"'],
    [
      "{type: integer, enum: [1, x]}",
      'enum: expected a whole number from -9007199254740991 to 9007199254740991, found "x"',
    ],
    ["{type: number, default: x}", 'default: expected a number, found "x"'],
    ["{type: number, minimum: 0, default: -1}", "default: expected at least 0, found -1"],
    ["{enum: [a, b], default: c}", 'default: expected one of a, b, found "c"'],
    ["{type: number, maximum: 1, example: 3.14}", "example: expected at most 1, found 3.14"],
    ["{type: 'number[]', example: [1, x]}", 'example: expected a number, found "x"'],
    ["{example: {a: 1}}", "example: expected text, found a mapping"],
    ["{description: [a]}", "description: expected text, found a list"],
    ["[{type: string}, {type: numbr}]", 'type: "numbr" is not supported'],
    ["text", 'found "text", expected a mapping'],
  ];
  it.each(facets)("is refused for %s", (facet, message) => {
    const found = problemsOf(withFacets(facet));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("iris.raml line 9: /things get queryParameters p: ");
    expect(found[0]).toContain(message);
  });

  const unsupported: [string, string, string][] = [
    [
      "another body",
      "/a:\n  post:\n    body:\n      multipart/mixed:\n",
      "line 8: /a post body: multipart/mixed is not supported: expected application/json, application/x-www-form",
    ],
    [
      "formParameters without a media type",
      "/a:\n  post:\n    body:\n      formParameters: {}\n",
      "line 8: /a post body: formParameters: is expected below a media type",
    ],
    [
      "a resource type that there is not",
      "resourceTypes: [collections: {}]\n/a:\n  type: collection\n  get:\n",
      "line 7: /a type: there is no resource type collection: expected one of those below resourceTypes. Did you mean collections?",
    ],
    [
      "a trait that there is not",
      "/a:\n  get:\n    is: [paged]\n",
      "line 7: /a get is: there is no trait paged: expected one of those below traits.",
    ],
    ["!include", "/a:\n  get: !include get.raml\n", "line 6: !include is not supported in this file"],
    ["another tag", "/a:\n  get:\n    description: !x y\n", "line 7: the tag !x is not supported"],
    ["merge keys", "/a: &a\n  get:\n/b:\n  <<: *a\n  get:\n", "line 8: << is not supported"],
    ["a query in a path", "/a?b:\n  get:\n", 'line 5: the path /a?b has a segment "a?b"'],
    ["a step up in a path", "/a/..:\n  get:\n", 'line 5: the path /a/.. has a segment ".."'],
    ["a parameter twice in a path", "/{a}:\n  /{a}:\n    get:\n", "line 6: the path /{a}/{a} has {a} twice"],
    [
      "a URI parameter that is not in the path",
      "/a:\n  uriParameters:\n    id:\n  get:\n",
      "line 7: /a uriParameters: id is not in the path",
    ],
    [
      "a list in the path",
      "/{id}:\n  uriParameters:\n    id: {repeat: true}\n  get:\n",
      "line 7: /{id} uriParameters id: repeat: a parameter of the path is given once",
    ],
    ["a key twice", "/a:\n  get:\n/a:\n  get:\n", "line 7: /a is on line 5 already"],
    ["a path twice", "/a:\n  /b:\n    get:\n/a/b:\n  get:\n", "line 8: /a/b clashes with /a/b on line 6"],
    [
      "two paths that one request fits",
      "/a/{x}:\n  get:\n/a/{y}:\n  get:\n",
      "line 7: /a/{y} clashes with /a/{x} on line 5",
    ],
    [
      "the same name in path and query",
      "/{id}:\n  get:\n    queryParameters:\n      id:\n",
      "line 8: /{id}: id is also a parameter of the path",
    ],
    [
      "the same name in query and form",
      "/a:\n  post:\n    queryParameters:\n      p:\n    body:\n      application/x-www-form-urlencoded:\n        formParameters:\n          p:\n",
      "line 12: /a post: p is both in queryParameters and in formParameters",
    ],
    [
      "a schema that is no JSON",
      "/a:\n  get:\n    responses:\n      200:\n        body:\n          application/json:\n            schema: '{'\n",
      'line 11: /a get responses 200 body application/json schema: expected a JSON Schema, as text or as a mapping, found "{"',
    ],
    [
      "a schema that is none",
      "/a:\n  get:\n    responses:\n      200:\n        body:\n          application/json:\n            schema: '[1]'\n",
      "line 11: /a get responses 200 body application/json schema: found a list, expected a JSON Schema, which is a mapping",
    ],
    ["no method at all", "/a:\n", "line 1: no resource has a get or a post"],
    ["broken YAML", "/a: [\n", "YAML: "],
    [
      "an alias without an anchor",
      "/a:\n  get: *nothing\n",
      "line 6: *nothing is not known: expected &nothing before it",
    ],
    ["two documents", "/a:\n  get:\n---\nb: 1\n", "line 7: YAML: Source contains multiple documents"],
    ["a list of keys", "? [a]\n: 1\n/a:\n  get:\n", "line 5: a key is expected to be a name"],
  ];
  it.each(unsupported)("is refused for %s", (_, body, message) => {
    const found = problemsOf(body);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
    expect(found[0]).toMatch(/^iris\.raml line \d+: /);
  });

  it.each(["", "#%RAML 0.8", "#%RAML 0.8\n", "#%RAML 0.8\n- a\n", "#%RAML 0.8\ntext\n"])("is refused: %j", (text) => {
    expect(problems(text).length).toBeGreaterThan(0);
  });
});

describe("what Launchpad ignores", () => {
  it("is a warning with its line, once each", () => {
    expect(
      warningsOf(
        "securitySchemes: []\n/a:\n  get:\n    securedBy: [x]\n    headers: {X-A: }\n  delete:\n/b:\n  get:\n    securedBy: [x]\n    wholly-unknown: 1\n    responses:\n      200: {body: {text/xml: }}\n",
      ),
    ).toEqual([
      "warning: iris.raml line 5: API: securitySchemes is ignored: Launchpad does not check who calls: leave that to what stands in front of it",
      "warning: iris.raml line 10: /a: delete is ignored: Launchpad serves GET and POST",
      "warning: iris.raml line 8: /a get: securedBy is ignored: Launchpad does not check who calls: leave that to what stands in front of it",
      "warning: iris.raml line 14: /b get: unknown key wholly-unknown is ignored",
      "warning: iris.raml line 16: /b get responses 200 body: text/xml is ignored: Launchpad answers in JSON",
    ]);
  });

  it("is not what only people read", () => {
    expect(
      warningsOf(
        "documentation: [{title: x, content: y}]\nbaseUri: http://x\n/a:\n  get:\n    responses: {404: {description: none}}\n",
      ),
    ).toEqual([]);
  });
});

describe("hostile YAML", () => {
  it("cannot multiply through aliases", () => {
    const levels = Array.from(
      { length: 30 },
      (_, level) => `x${level + 1}: &x${level + 1} [${`*x${level},`.repeat(9)}]`,
    );
    expect(problemsOf(`x0: &x0 [a]\n${levels.join("\n")}\n/a:\n  get:\n`).join()).toContain(
      "has more than 100 aliases",
    );
  });

  it("cannot refer to itself without an end", () => {
    expect(problemsOf("x: &x [*x]\n/a:\n  get:\n").length).toBeLessThan(3);
  });

  it.each(["[", "{a: ", "- ", "? "])("cannot nest %j without an end", (mark) => {
    expect(problemsOf(`x: ${mark.repeat(50_000)}\n`).join()).toContain("nested more than 200 levels deep");
  });

  it("cannot reach a prototype", () => {
    const [resource] = read(
      "__proto__: {polluted: 1}\n/a:\n  get:\n    queryParameters:\n      __proto__: {type: number}\n    responses: {200: {body: {application/json: {example: {__proto__: {polluted: 1}}}}}}\n",
    ).resources;
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(resource?.parameters).toMatchObject([{ name: "__proto__", schema: { type: "number" } }]);
    expect(JSON.stringify(resource?.result?.example)).toBe('{"__proto__":{"polluted":1}}');
  });
});
