import { describe, expect, it } from "vitest";
import type { Parameter, Resource } from "../../../../src/api/definition.ts";
import { compileResource } from "../../../../src/api/validation/resource.ts";

const parameter = (
  name: string,
  { in: place = "query", required = false, ...schema }: Partial<Parameter> & Record<string, unknown> = {},
): Parameter => ({ name, in: place, required, schema: { type: "string", ...schema } });
const strings = { type: "array", items: { type: "string" } };
const numbers = { type: "array", items: { type: "number" } };
const resource = (parameters: Parameter[], additional = false): Resource => ({
  path: "/things",
  methods: ["GET", "POST"],
  parameters,
  additional,
});
/** The body is a form, or JSON. */
const run = (
  described: Resource,
  query: string,
  body?: URLSearchParams | Record<string, unknown>,
  path: Record<string, string> = {},
) =>
  compileResource(described)({
    query: new URLSearchParams(query),
    path,
    body: body instanceof URLSearchParams ? { fields: body } : body && { json: body },
  });

describe("validation", () => {
  it("gives arguments in order of declaration", () => {
    const { args } = run(resource([parameter("b"), parameter("a", { type: "number" })]), "a=1&b=x") as {
      args: Record<string, unknown>;
    };
    expect(Object.entries(args)).toEqual([
      ["b", "x"],
      ["a", 1],
    ]);
  });

  it("leaves out what is absent, or null in JSON, and fills in defaults", () => {
    const described = resource([parameter("a"), parameter("b", { default: "hello" })]);
    expect(run(described, "")).toEqual({ args: { b: "hello" } });
    expect(run(described, "", { a: null, b: null })).toEqual({ args: { b: "hello" } });
  });

  it("gives each request its own default list", () => {
    const validate = compileResource(resource([parameter("a", { ...strings, default: ["x"] })]));
    const input = { query: new URLSearchParams(), path: {} };
    const first = validate(input) as { args: { a: string[] } };
    first.args.a.push("y");
    expect(validate(input)).toEqual({ args: { a: ["x"] } });
  });

  it("tells all faults at once, with where they came from and what was received", () => {
    const described = resource([
      parameter("n", { type: "number", required: true }),
      parameter("i", { type: "integer", minimum: 1 }),
      parameter("f", { in: "body", required: true }),
    ]);
    expect(run(described, "i=0&m=2", { n: "x" })).toEqual({
      faults: [
        { in: "body", name: "n", message: "expected a number", received: "x" },
        { in: "query", name: "i", message: "expected at least 1", received: "0" },
        { in: "body", name: "f", message: "required: expected a value of type string" },
        { in: "query", name: "m", message: "unknown parameter. Did you mean n?", received: "2" },
      ],
    });
  });

  it("shortens what was received to 200 characters", () => {
    const { faults } = run(resource([parameter("n", { type: "number" })]), `n=${"x".repeat(5000)}`);
    expect(String(faults?.[0]?.received)).toHaveLength(200);
  });

  it("stops at a hundred faults", () => {
    const many = Array.from({ length: 5000 }, (_, index) => `u${index}=1`).join("&");
    expect(run(resource([]), many).faults).toHaveLength(100);
  });

  it("takes the first of a repeated parameter that is no array", () => {
    expect(run(resource([parameter("i", { type: "integer" })]), "i=3&i=4")).toEqual({ args: { i: 3 } });
  });

  it("refuses a JSON array for a parameter that is no array", () => {
    expect(run(resource([parameter("i", { type: "integer" })]), "", { i: [3, 4] }).faults).toMatchObject([
      { name: "i" },
    ]);
  });

  it("takes arrays by repetition, and in JSON as an array or a single value", () => {
    const described = resource([parameter("n", numbers)]);
    expect(run(described, "n=1&n=2.5")).toEqual({ args: { n: [1, 2.5] } });
    expect(run(described, "", { n: [1, "2"] })).toEqual({ args: { n: [1, 2] } });
    expect(run(described, "", { n: 1 })).toEqual({ args: { n: [1] } });
    expect(run(described, "", { n: [] })).toEqual({ args: { n: [] } });
  });

  it("names the position of an item that does not fit", () => {
    const { faults } = run(resource([parameter("n", numbers)]), "n=1&n=z");
    expect(faults).toEqual([{ in: "query", name: "n", message: "value 2: expected a number", received: "z" }]);
  });

  it("says where each wrong value of a list came from", () => {
    const faults = (query: string, json: Record<string, unknown>) =>
      run(resource([parameter("n", numbers)]), query, json).faults?.map(({ in: place, message }) => [place, message]);
    const wrong = (position: number) => expect.stringContaining(`value ${position}: expected a number`);
    expect(faults("n=x&n=2", { n: [1, "y"] })).toEqual([
      ["body", wrong(2)],
      ["query", wrong(3)],
    ]);
    expect(faults("", { n: ["y", 1] })).toEqual([["body", wrong(1)]]);
  });

  it("takes JSON before the query, the query before a form, and all of them for an array", () => {
    const described = resource([parameter("a"), parameter("l", strings)]);
    expect(run(described, "a=query&l=query", { a: "json", l: ["json"] })).toEqual({
      args: { a: "json", l: ["json", "query"] },
    });
    expect(run(described, "a=query&l=query", new URLSearchParams("a=form&l=form"))).toEqual({
      args: { a: "query", l: ["query", "form"] },
    });
  });

  it("takes query and form parameters from either place, but those of the path only from the path", () => {
    const described = resource([parameter("id", { in: "path", required: true }), parameter("f", { in: "body" })]);
    expect(run(described, "f=1", undefined, { id: "a b" })).toEqual({ args: { id: "a b", f: "1" } });
    expect(run(described, "id=2", undefined, { id: "1" }).faults).toMatchObject([{ in: "query", name: "id" }]);
  });

  it("checks what stands in the path", () => {
    const described = resource([parameter("id", { in: "path", type: "integer", required: true })]);
    expect(run(described, "", undefined, { id: "12" })).toEqual({ args: { id: 12 } });
    expect(run(described, "", undefined, { id: "x" }).faults).toMatchObject([
      { in: "path", name: "id", received: "x" },
    ]);
  });

  it("passes on what is not described where the resource allows it", () => {
    expect(run(resource([], true), "q=1", { a: { b: [1] } })).toEqual({ args: { a: { b: [1] }, q: "1" } });
  });

  it.each(["__proto__", "constructor", "hasOwnProperty"])("treats %s as a name like any other", (name) => {
    const json = JSON.parse(`{"${name}": {"polluted": true}}`) as Record<string, unknown>;
    const { args } = run(resource([], true), "", json) as { args: Record<string, unknown> };
    expect(Object.keys(args)).toEqual([name]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(args.toString).toBeUndefined();
    expect(run(resource([parameter("a")]), `${name}=1`).faults).toMatchObject([{ name, message: "unknown parameter" }]);
    expect(Object.entries((run(resource([parameter(name)]), `${name}=1`) as { args: object }).args)).toEqual([
      [name, "1"],
    ]);
    expect(run(resource([parameter(name)]), "")).toEqual({ args: {} });
  });
});
