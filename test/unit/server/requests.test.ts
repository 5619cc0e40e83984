import { describe, expect, it } from "vitest";
import type { Parameter, ParameterStyle, Resource } from "../../../src/api/definition.ts";
import { silentLogger } from "../../../src/log.ts";
import type { JsonSchema } from "../../../src/schema/json-schema.ts";
import type { ApiOptions } from "../../../src/server/api-options.ts";
import { createApi } from "../../../src/server/handler.ts";

const parameter = (name: string, schema: JsonSchema, rest: Partial<Parameter> = {}): Parameter => ({
  name,
  in: "query",
  required: false,
  schema,
  ...rest,
});
const resource = (parameters: Parameter[], rest: Partial<Resource> = {}): Resource => ({
  path: "/things",
  methods: ["GET", "POST"],
  parameters,
  additional: false,
  ...rest,
});

/** What a model gets: files as what they are made of. */
const shown = async (value: unknown): Promise<unknown> => {
  if (value instanceof File) return { file: value.name, type: value.type.split(";", 1)[0], text: await value.text() };
  if (Array.isArray(value)) return Promise.all(value.map(shown));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([key, one]) => [key, await shown(one)] as const);
  return Object.fromEntries(await Promise.all(entries));
};

const serve = (resources: Resource[], options: Partial<ApiOptions> & { schemas?: Record<string, JsonSchema> } = {}) => {
  const { schemas, ...others } = options;
  const api = createApi({
    definition: { title: "things", version: "v1", resources, ...(schemas && { schemas }) },
    basePath: "",
    predict: async (args) => ({ args: await shown(args) }),
    ready: async () => {},
    log: silentLogger,
    ...others,
  });
  return async (path: string, init?: RequestInit) => {
    const response = await api.fetch(new Request(`http://localhost${path}`, init));
    const text = await response.text();
    const body = (text === "" ? {} : JSON.parse(text)) as {
      args?: unknown;
      errors?: { in: string; name: string; message: string; received?: unknown }[];
      detail?: string;
    };
    return { status: response.status, headers: response.headers, ...body };
  };
};
const json = (value: unknown): RequestInit => ({
  method: "POST",
  body: JSON.stringify(value),
  headers: { "content-type": "application/json" },
});
const form = (body: string): RequestInit => ({
  method: "POST",
  body,
  headers: { "content-type": "application/x-www-form-urlencoded" },
});
const multipart = (...entries: [name: string, value: string | File][]): RequestInit => {
  const body = new FormData();
  for (const [name, value] of entries) body.append(name, value);
  return { method: "POST", body };
};

const numbers: JsonSchema = { type: "array", items: { type: "number" } };
const texts: JsonSchema = { type: "array", items: { type: "string" } };
const color: JsonSchema = {
  type: "object",
  properties: { R: { type: "integer" }, G: { type: "integer" } },
  additionalProperties: false,
};

describe("the styles of OpenAPI", () => {
  const query: [ParameterStyle | undefined, boolean | undefined, JsonSchema, string, unknown][] = [
    [undefined, undefined, numbers, "n=1&n=2", [1, 2]],
    ["form", false, numbers, "n=1,2", [1, 2]],
    ["form", false, numbers, "n=", []],
    ["spaceDelimited", false, numbers, "n=1%202", [1, 2]],
    ["spaceDelimited", false, numbers, "n=1+2", [1, 2]],
    ["pipeDelimited", false, numbers, "n=1|2", [1, 2]],
    ["pipeDelimited", false, numbers, "n=1%7C2", [1, 2]],
    ["form", false, texts, "n=x%2Cy,z", ["x,y", "z"]],
    ["form", false, texts, "n=%2C", [","]],
    ["pipeDelimited", false, texts, "n=x%7Cy|z", ["x|y", "z"]],
    ["spaceDelimited", false, texts, "n=x%2By%20z", ["x+y", "z"]],
    ["form", false, { type: "object" }, "n=a%2Cb,1%3D,c,%26", { "a,b": "1=", c: "&" }],
    ["form", true, color, "R=100&G=200", { R: 100, G: 200 }],
    ["form", false, color, "n=R,100,G,200", { R: 100, G: 200 }],
    ["deepObject", true, color, "n[R]=100&n[G]=200", { R: 100, G: 200 }],
    ["deepObject", true, { type: "object" }, "n[a][b]=1&n[a][c]=2&n[a][c]=3", { a: { b: "1", c: ["2", "3"] } }],
    [undefined, undefined, color, 'n={"R":100}', { R: 100 }],
  ];
  it.each(query)("in a query: %s, explode %s, %j", async (style, explode, schema, asked, value) => {
    const described = parameter("n", schema, {
      ...(style && { style }),
      ...(explode !== undefined && { explode }),
    });
    expect(await serve([resource([described])])(`/things?${asked}`)).toMatchObject({ status: 200, args: { n: value } });
  });

  const path: [ParameterStyle, boolean, JsonSchema, string, unknown][] = [
    ["simple", false, { type: "integer" }, "5", 5],
    ["simple", false, numbers, "1,2", [1, 2]],
    ["simple", false, texts, "x%2Cy,z%2Fa", ["x,y", "z/a"]],
    ["simple", true, { type: "object" }, "a%3Db=%2C,c=1", { "a=b": ",", c: "1" }],
    ["label", true, texts, ".x%2Ey.z", ["x.y", "z"]],
    ["label", false, texts, ".x%2Cy,z", ["x,y", "z"]],
    ["matrix", true, texts, ";n=x%3By;n=z", ["x;y", "z"]],
    ["matrix", false, { type: "string" }, ";n=a%3Bb%25", "a;b%"],
    ["simple", false, color, "R,100,G,200", { R: 100, G: 200 }],
    ["simple", true, color, "R=100,G=200", { R: 100, G: 200 }],
    ["label", false, { type: "integer" }, ".5", 5],
    ["label", true, numbers, ".1.2", [1, 2]],
    ["label", true, color, ".R=100.G=200", { R: 100, G: 200 }],
    ["matrix", false, { type: "integer" }, ";n=5", 5],
    ["matrix", false, numbers, ";n=1,2", [1, 2]],
    ["matrix", true, numbers, ";n=1;n=2", [1, 2]],
    ["matrix", true, color, ";R=100;G=200", { R: 100, G: 200 }],
  ];
  it.each(path)("in a path: %s, explode %s, %j", async (style, explode, schema, asked, value) => {
    const described = parameter("n", schema, { in: "path", required: true, style, explode });
    const get = serve([resource([described], { path: "/things/{n}" })]);
    expect(await get(`/things/${asked}`)).toMatchObject({ status: 200, args: { n: value } });
  });

  it("are read the same in a form", async () => {
    const ask = serve([resource([parameter("n", texts, { explode: false, in: "body" })])]);
    expect(await ask("/things", form("n=x%2Cy,z"))).toMatchObject({ args: { n: ["x,y", "z"] } });
    expect(await ask("/things", multipart(["n", "x%2Cy,z"]))).toMatchObject({ args: { n: ["x%2Cy", "z"] } });
  });

  it("do not let names reach a prototype", async () => {
    const get = serve([resource([parameter("n", { type: "object" }, { style: "deepObject" })])]);
    const { errors } = await get("/things?n[__proto__][polluted]=1&n[constructor][prototype][polluted]=1&n[a]=1");
    expect(errors).toMatchObject([
      { in: "query", name: "n[__proto__][polluted]", message: "unknown parameter" },
      { in: "query", name: "n[constructor][prototype][polluted]", message: "unknown parameter" },
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("have faults like any other value", async () => {
    const get = serve([resource([parameter("n", color, { style: "deepObject", required: true })])]);
    expect((await get("/things?n[R]=x&n[B]=1")).errors).toEqual([
      { in: "query", name: "n.R", message: expect.stringContaining("expected a whole number"), received: "x" },
      { in: "query", name: "n.B", message: "unknown property. Did you mean R?", received: "1" },
    ]);
    expect((await get("/things")).errors).toEqual([
      { in: "query", name: "n", message: "required: expected a value of type object" },
    ]);
  });
});

describe("headers", () => {
  const get = serve([
    resource([
      parameter("X-Size", { type: "integer", minimum: 1 }, { in: "header", required: true }),
      parameter("X-Tags", { type: "array", items: { type: "string" } }, { in: "header" }),
    ]),
  ]);

  it("are arguments where they are described", async () => {
    expect(await get("/things", { headers: { "x-size": "5", "x-tags": "a, b" } })).toMatchObject({
      args: { "X-Size": 5, "X-Tags": ["a", "b"] },
    });
  });

  it("have faults with their place", async () => {
    expect((await get("/things", { headers: { "x-size": "0" } })).errors).toEqual([
      { in: "header", name: "X-Size", message: "expected at least 1", received: "0" },
    ]);
    expect((await get("/things")).errors).toMatchObject([{ in: "header", name: "X-Size" }]);
  });

  it("are taken from nowhere else", async () => {
    expect((await get("/things?X-Size=5")).errors).toMatchObject([
      { in: "header", name: "X-Size" },
      { in: "query", name: "X-Size", message: "unknown parameter" },
    ]);
  });
});

describe("a JSON body", () => {
  const rows: JsonSchema = {
    type: "array",
    items: {
      type: "object",
      properties: { width: { type: "number" }, unit: { type: "string", default: "cm" } },
      required: ["width"],
    },
  };
  const post = serve([
    resource([parameter("rows", rows, { in: "body", required: true }), parameter("n", { type: ["integer", "null"] })]),
  ]);

  it("can be as deep as its schema says, with defaults filled in", async () => {
    expect(await post("/things", json({ rows: [{ width: 1 }, { width: 2, unit: "in" }] }))).toMatchObject({
      status: 200,
      args: {
        rows: [
          { width: 1, unit: "cm" },
          { width: 2, unit: "in" },
        ],
      },
    });
  });

  it("has faults with their path, and is strict inside: text is no number there", async () => {
    expect((await post("/things", json({ rows: [{ width: 1 }, {}, { width: "3" }, 4] }))).errors).toEqual([
      { in: "body", name: "rows[1].width", message: "required: expected a number" },
      { in: "body", name: "rows[2].width", message: "expected a number", received: "3" },
      { in: "body", name: "rows", message: "value 4: expected an object", received: 4 },
    ]);
  });

  it("may say null where its schema does", async () => {
    expect((await post("/things", json({ rows: [], n: null }))).args).toEqual({ rows: [], n: null });
  });

  it("comes in a form too, as text", async () => {
    const text = JSON.stringify([{ width: 1 }]);
    const args = { rows: [{ width: 1, unit: "cm" }] };
    expect((await post("/things", form(`rows=${encodeURIComponent(text)}`))).args).toEqual(args);
    expect((await post("/things", multipart(["rows", text]))).args).toEqual(args);
    expect((await post("/things", multipart(["rows", '{"width": 1}'], ["rows", '{"width": 2}']))).args).toMatchObject({
      rows: [{ width: 1 }, { width: 2 }],
    });
    const blob = new File(['{"width": 1}'], "blob", { type: "application/json" });
    expect((await post("/things", multipart(["rows", blob]))).args).toEqual(args);
    expect((await post("/things", form("rows=[{"))).status).toBe(400);
  });

  it("can be described as a whole: a list is the argument `body`", async () => {
    const whole = serve([resource([parameter("q", { type: "integer" })], { body: { required: true, schema: rows } })]);
    expect((await whole("/things?q=1", json([{ width: 1 }]))).args).toEqual({
      q: 1,
      body: [{ width: 1, unit: "cm" }],
    });
    expect((await whole("/things", json([{ width: 1 }, {}]))).errors).toEqual([
      { in: "body", name: "[1].width", message: "required: expected a number" },
    ]);
    expect(await whole("/things", { method: "POST" })).toMatchObject({
      status: 400,
      detail: "The request is not valid: the body: required: expected JSON",
      errors: [{ in: "body", name: "" }],
    });
  });

  it("can be described as a whole: the properties of an object are arguments", async () => {
    const schema: JsonSchema = {
      oneOf: [
        { type: "object", properties: { cm: { type: "number" } }, required: ["cm"], additionalProperties: false },
        { type: "object", properties: { inch: { type: "number" } }, required: ["inch"], additionalProperties: false },
      ],
    };
    const whole = serve([resource([], { body: { required: false, schema } })]);
    expect((await whole("/things", json({ inch: 2 }))).args).toEqual({ inch: 2 });
    expect((await whole("/things")).args).toEqual({});
    expect((await whole("/things", json({ inch: 2, cm: 1 }))).status).toBe(400);
  });

  it("may use schemas of the definition", async () => {
    const tree: JsonSchema = {
      type: "object",
      properties: { left: { $ref: "#/components/schemas/tree" }, value: { type: "number" } },
      required: ["value"],
    };
    const parameters = [parameter("tree", { $ref: "#/components/schemas/tree" }, { in: "body" })];
    const get = serve([resource(parameters)], { schemas: { tree } });
    expect((await get("/things", json({ tree: { value: 1, left: { value: 2 } } }))).status).toBe(200);
    expect((await get("/things", json({ tree: { value: 1, left: {} } }))).errors).toMatchObject([
      { name: "tree.left.value" },
    ]);
  });
});

describe("files", () => {
  const binary: JsonSchema = { type: "string", format: "binary" };
  const post = serve([
    resource([
      parameter("image", binary, {
        in: "body",
        required: true,
        file: { mediaTypes: ["image/*", "application/pdf"], maxBytes: 5 },
      }),
      parameter("more", { type: "array", items: binary, maxItems: 2 }, { in: "body", file: {} }),
      parameter("size", { type: "integer" }, { in: "body" }),
    ]),
  ]);
  const png = (name: string, text = "abc") => new File([text], name, { type: "image/png" });

  it("arrive as File, with their names, types and bytes, beside other fields", async () => {
    const answer = await post(
      "/things",
      multipart(["image", png("é🌷.png")], ["more", new File(["x"], "a.txt")], ["more", png("b")], ["size", "3"]),
    );
    expect(answer).toMatchObject({
      status: 200,
      args: {
        image: { file: "é🌷.png", type: "image/png", text: "abc" },
        more: [
          { file: "a.txt", text: "x" },
          { file: "b", type: "image/png", text: "abc" },
        ],
        size: 3,
      },
    });
  });

  it("are checked for type and size, all of them", async () => {
    const html = new File(["<p>"], "x.html", { type: "text/html" });
    expect((await post("/things", multipart(["image", html]))).errors).toEqual([
      {
        in: "body",
        name: "image",
        message: "expected a file of type image/*, application/pdf",
        received: expect.stringMatching(/^x\.html \(text\/html.*, 3 bytes\)$/),
      },
    ]);
    expect((await post("/things", multipart(["image", png("a", "abcdef")]))).errors).toMatchObject([
      { message: "expected a file of 5 bytes or fewer" },
    ]);
    const three = [1, 2, 3].map((index): [string, File] => ["more", png(String(index))]);
    expect((await post("/things", multipart(["image", png("a")], ...three))).errors).toMatchObject([
      { name: "more", message: "expected 2 values or fewer" },
    ]);
  });

  it("are no text, and text is no file", async () => {
    const message = "expected a file, as a part of multipart/form-data";
    expect((await post("/things", multipart(["image", "text"]))).errors).toMatchObject([{ name: "image", message }]);
    expect((await post("/things?image=x")).errors).toMatchObject([{ in: "query", name: "image", message }]);
    expect((await post("/things", json({ image: "x" }))).errors).toMatchObject([
      { in: "body", name: "image", message },
    ]);
    const answer = await post("/things", multipart(["image", png("a")], ["size", png("b")]));
    expect(answer.errors).toMatchObject([{ name: "size", received: expect.stringContaining("b (image/png") }]);
  });

  it("are missing where a browser sends an empty one", async () => {
    expect((await post("/things", multipart(["image", new File([], "")]))).errors).toEqual([
      { in: "body", name: "image", message: "required: expected a file" },
    ]);
  });

  it("lose the folders in their names", async () => {
    const { args } = await post("/things", multipart(["image", png("../../etc/passwd")]));
    expect(args).toMatchObject({ image: { file: "passwd" } });
  });

  it("that nobody described are refused", async () => {
    const answer = await post("/things", multipart(["image", png("a")], ["imagge", png("b")]));
    expect(answer.errors).toMatchObject([{ name: "imagge", message: "unknown parameter. Did you mean image?" }]);
  });
});

describe("a form in parts", () => {
  const post = serve([
    resource([parameter("a", { type: "string" }), parameter("b", { type: "object" }, { in: "body" })]),
  ]);
  const sent = (body: string | Uint8Array<ArrayBuffer>, type = "multipart/form-data; boundary=x"): RequestInit => ({
    method: "POST",
    body,
    headers: { "content-type": type },
  });
  const part = (head: string, value: string) => `--x\r\n${head}\r\n\r\n${value}\r\n`;
  const named = 'Content-Disposition: form-data; name="a"';

  it.each<[string, string, unknown]>([
    ["a field", `${part(named, "1")}--x--\r\n`, { a: "1" }],
    ["text behind the end", `${part(named, "1")}--x--\r\nbehind`, { a: "1" }],
    ["no field", "--x--\r\n", {}],
    ["a field twice", `${part(named, "1")}${part(named, "2")}--x--`, { a: "1" }],
    ["a name without quotation marks", `${part("content-disposition: form-data; name=a", "1")}--x--`, { a: "1" }],
    [
      "a field in JSON",
      `${part('Content-Disposition: form-data; name="b"\r\nContent-Type: application/json', '{"c":1}')}--x--`,
      { b: { c: 1 } },
    ],
  ])("can have %s", async (_, body, args) => {
    expect(await post("/things", sent(body))).toMatchObject({ status: 200, args });
  });

  it.each<[string, RequestInit]>([
    ["an end that is missing", sent(part(named, "1"))],
    ["a part that breaks off", sent(part(named, "1").slice(0, 20))],
    ["another boundary", sent(`${part(named, "1")}--x--`, "multipart/form-data; boundary=y")],
    ["no boundary", sent(`${part(named, "1")}--x--`, "multipart/form-data")],
    ["a boundary that is far too long", sent("--x--", `multipart/form-data; boundary=${"x".repeat(5000)}`)],
    ["a field without a name", sent(`${part("Content-Disposition: form-data", "1")}--x--`)],
    ["a part without a head", sent("--x\r\n\r\n1\r\n--x--")],
    ["a value that is no UTF-8", sent(Uint8Array.from([...`${part(named, "\xff")}--x--`].map((c) => c.charCodeAt(0))))],
    ["something else", sent("hello")],
    ["too many parts", sent(`${part(named, "1").repeat(10_001)}--x--`)],
    ["a head that is far too long", sent(`${part(`${named}\r\nX: ${"y".repeat(10_000)}`, "1")}--x--`)],
  ])("is refused with %s", async (_, init) => {
    expect(await post("/things", init)).toMatchObject({
      status: 400,
      errors: [{ in: "body", name: "", message: expect.stringContaining("the body is not multipart/form-data") }],
    });
  });

  it("has no more fields than it may have when it is encoded like a query", async () => {
    const many = `${"a=1&".repeat(100_000)}a=1`;
    expect((await post("/things", form(many))).errors).toMatchObject([
      { message: "the form has more than 100000 fields: send JSON instead" },
    ]);
  });
});

describe("a parameter that nobody described", () => {
  const described = [resource([parameter("n", { type: "integer" })])];
  const file: [string, File] = ["f", new File(["x"], "f")];

  it("is refused, wherever it is", async () => {
    const post = serve(described);
    for (const init of [json({ m: 1 }), form("m=1"), multipart(["m", "1"])]) {
      expect((await post("/things", init)).errors).toMatchObject([
        { in: "body", name: "m", received: expect.anything() },
      ]);
    }
    expect((await post("/things", multipart(file))).errors).toMatchObject([{ name: "f" }]);
  });

  it("is ignored if the configuration says so: the model does not get it", async () => {
    const post = serve(described, { unknownParameters: "ignore" });
    for (const init of [json({ n: 1, m: 1 }), form("n=1&m=1"), multipart(["n", "1"], ["m", "1"], file)]) {
      expect((await post("/things?o=1", init)).args).toEqual({ n: 1 });
    }
    expect((await post("/things?n=x&o=1")).errors).toHaveLength(1);
  });
});

describe("two resources on one path", () => {
  const request = serve([
    resource([parameter("q", { type: "integer" })], { path: "/things/{id}", methods: ["GET"] }),
    resource([parameter("b", { type: "integer" })], { path: "/things/{id}", methods: ["POST"] }),
    resource([], { path: "/others", methods: ["POST"] }),
  ]);

  it("each answer their methods", async () => {
    expect((await request("/things/1?q=1")).args).toEqual({ q: 1 });
    expect((await request("/things/1", json({ b: 1 }))).args).toEqual({ b: 1 });
    expect((await request("/things/1?b=1")).status).toBe(400);
  });

  it("allow what both of them do", async () => {
    const answer = await request("/things/1", { method: "DELETE" });
    expect(answer).toMatchObject({ status: 405 });
    expect(answer.headers.get("allow")).toBe("GET, POST, HEAD, OPTIONS");
    expect((await request("/others")).headers.get("allow")).toBe("POST, OPTIONS");
    expect(await request("/things/1", { method: "OPTIONS" })).toMatchObject({ status: 204 });
    expect(await request("/things/1?q=1", { method: "HEAD" })).toMatchObject({ status: 200 });
  });

  it("clash if they have a method in common, or other names in their path", () => {
    const clash = (...pair: [Resource, Resource]) => expect(() => serve(pair)).toThrow("clashes with /things/{id}");
    const one = resource([], { path: "/things/{id}" });
    clash(one, resource([], { path: "/things/{id}", methods: ["POST"] }));
    clash({ ...one, methods: ["GET"] }, resource([], { path: "/things/{name}", methods: ["POST"] }));
  });
});

describe("a result", () => {
  const schema: JsonSchema = {
    type: "object",
    properties: { rows: { type: "array", items: { type: "object", properties: { width: { type: "number" } } } } },
    required: ["rows"],
  };
  const predicting = (result: unknown, logged: string[] = []) =>
    serve([resource([], { result: { schema } })], {
      predict: () => result,
      log: { ...silentLogger, error: (message: string) => void logged.push(message) },
    });

  it("is checked after it has become plain JSON", async () => {
    const columns = { rows: [{ width: 1n }, { width: Number.POSITIVE_INFINITY }] };
    expect((await predicting({ rows: [{ width: 1n }] })("/things")).status).toBe(200);
    expect((await predicting(columns)("/things")).status).toBe(500);
    expect((await predicting({ rows: new Set([new Map([["width", 2]])]) })("/things")).status).toBe(200);
  });

  it("that does not fit is an error of its own: the log says where, the caller learns nothing", async () => {
    const logged: string[] = [];
    const answer = await predicting({ rows: [{ width: 1 }, { width: "secret" }], more: 1 }, logged)("/things");
    expect(answer).toMatchObject({ status: 500, code: "RESULT_INVALID" });
    expect(JSON.stringify(answer)).not.toMatch(/secret|width/);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain(
      "what predict returned does not fit the schema of the response: result.rows[1].width: expected a number",
    );
    expect(logged[0]).not.toContain("secret");
  });

  it("is not checked again where the model has done so", async () => {
    const checked = serve([resource([], { result: { schema } })], { predict: () => "text", resultIsChecked: true });
    expect((await checked("/things")).status).toBe(200);
    expect((await predicting("text")("/things")).status).toBe(500);
  });

  it("names ten places at most", async () => {
    const logged: string[] = [];
    await predicting({ rows: Array.from({ length: 1000 }, () => 1) }, logged)("/things");
    expect(logged[0]?.match(/expected an object/g)).toHaveLength(10);
  });
});

describe("a body of one of several kinds", () => {
  const tagged = (kind: string, name: string, type: string): JsonSchema => ({
    type: "object",
    required: ["kind", name],
    properties: { kind: { type: "string", enum: [kind] }, [name]: { type } },
  });
  const schemas = { Cat: tagged("cat", "meow", "boolean"), Dog: tagged("dog", "bark", "number") };
  const alternatives = [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }];
  const kinds: [string, JsonSchema][] = [
    ["with a discriminator", { oneOf: alternatives, discriminator: { propertyName: "kind" } }],
    ["without one", { anyOf: alternatives }],
    ["with the schemas in place", { oneOf: Object.values(schemas) }],
  ];

  it.each(kinds)("%s says what the chosen one lacks", async (_, schema) => {
    const ask = serve([resource([], { methods: ["POST"], body: { required: true, schema } })], { schemas });
    const faults = async (body: unknown) => (await ask("/things", json(body))).errors;
    expect(await faults({ kind: "dog", meow: true })).toEqual([
      { in: "body", name: "bark", message: "required: expected a number" },
    ]);
    expect(await faults({ kind: "cow" })).toEqual([
      { in: "body", name: "kind", message: "expected one of cat, dog", received: "cow" },
    ]);
    expect(await faults({})).toEqual([{ in: "body", name: "kind", message: "required: expected one of cat, dog" }]);
    expect((await ask("/things", json({ kind: "dog", bark: 1 }))).args).toEqual({ kind: "dog", bark: 1 });
  });

  it("may have a mapping", async () => {
    const open = (name: string): JsonSchema => ({
      type: "object",
      required: ["t", name],
      properties: { t: { type: "string" } },
    });
    const schema = {
      oneOf: [{ $ref: "#/components/schemas/A" }, { $ref: "#/components/schemas/B" }],
      discriminator: { propertyName: "t", mapping: { first: "#/components/schemas/A" } },
    };
    const ask = serve([resource([], { methods: ["POST"], body: { required: true, schema } })], {
      schemas: { A: open("a"), B: open("b") },
    });
    expect((await ask("/things", json({ t: "first" }))).errors).toMatchObject([{ name: "a" }]);
    expect((await ask("/things", json({ t: "B" }))).errors).toMatchObject([{ name: "b" }]);
  });
});

describe("text that may be of several types", () => {
  const read = async (schema: JsonSchema, text: string) => {
    const { args, status } = await serve([resource([parameter("p", schema)])])(`/things?p=${encodeURIComponent(text)}`);
    return status === 200 ? (args as { p: unknown }).p : status;
  };
  const cases: [JsonSchema, string, unknown][] = [
    [{ enum: ["1", 2, true] }, "2", 2],
    [{ enum: ["1", 2, true] }, "1", "1"],
    [{ enum: ["1", 2, true] }, "true", true],
    [{ enum: ["1", 2, true] }, "3", 400],
    [{ enum: ["a", 1.5] }, "1.5", 1.5],
    [{ const: 7 }, "7", 7],
    [{ type: ["string", "integer"], enum: ["a", 1] }, "1", 1],
    [{ type: ["integer", "string"], minimum: 10 }, "5", "5"],
    [{ anyOf: [{ enum: [1] }, { enum: ["x"] }] }, "x", "x"],
    [{ type: ["integer", "boolean"] }, "true", true],
  ];
  it.each(cases)("%j reads %s", async (schema, text, value) => {
    expect(await read(schema, text)).toEqual(value);
  });
});

describe("what is long or wrong on purpose", () => {
  const post = (schema: JsonSchema) => serve([resource([parameter("p", schema, { in: "body" })])]);

  it("is read in a form of 9 MB", async () => {
    const size = 9_000_000;
    expect((await post({ type: "string", format: "byte" })("/things", json({ p: "A".repeat(size) }))).status).toBe(200);
    expect(
      (await post({ type: "string", format: "uri" })("/things", json({ p: `http://a/${"b".repeat(size)}` }))).status,
    ).toBe(400);
    expect(
      (await post({ type: "string", pattern: "^(?:a|b)*$" })("/things", json({ p: "ab".repeat(size / 2) }))).status,
    ).toBeLessThan(500);
  });

  it("is not answered with thousands of times its size", async () => {
    const choices = Array.from({ length: 5000 }, (_, index) => `choice ${index}`);
    const ask = post({ type: "array", items: { enum: choices } });
    const { errors, status } = await ask("/things", json({ p: Array.from({ length: 100 }, () => "x") }));
    expect(status).toBe(400);
    expect(errors?.[0]?.message).toMatch(/choice 19 and 4980 more$/);
    expect(JSON.stringify(errors).length).toBeLessThan(100_000);
  });

  it("is not tried again and again", async () => {
    const schemas = Object.fromEntries(
      Array.from({ length: 26 }, (_, index) => [
        `S${index}`,
        index === 25
          ? { type: "string" }
          : { anyOf: [{ $ref: `#/components/schemas/S${index + 1}` }, { $ref: `#/components/schemas/S${index + 1}` }] },
      ]),
    );
    const schema = { $ref: "#/components/schemas/S0" };
    const ask = serve([resource([], { methods: ["POST"], body: { required: true, schema } })], { schemas });
    const started = performance.now();
    expect((await ask("/things", json(5))).status).toBe(400);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it("is a form only with a part, and a file with a name that is no folder", async () => {
    const ask = serve([resource([parameter("f", { type: "string", format: "binary" }, { in: "body", file: {} })])]);
    const sent = (body: string) => ({
      method: "POST",
      body,
      headers: { "content-type": "multipart/form-data; boundary=bnd" },
    });
    expect((await ask("/things", sent("--bnd--bnd--bnd--bnd"))).status).toBe(400);
    expect((await ask("/things", sent("--bnd--\r\n"))).status).toBe(200);
    const file = (name: string) =>
      sent(`--bnd\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\nx\r\n--bnd--\r\n`);
    expect(await ask("/things", file(".."))).toMatchObject({ args: { f: { file: "" } } });
    expect(await ask("/things", file("a\0b"))).toMatchObject({ args: { f: { file: "ab" } } });
  });

  it("is no name of a header", () => {
    expect(() => serve([resource([parameter("x y", { type: "string" }, { in: "header" })])])).toThrow(
      /"x y": expected the name of a header/,
    );
  });
});
