import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ApiDefinition, Resource } from "../../../src/api/definition.ts";
import { exampleRequest } from "../../../src/api/example-request.ts";
import { readOpenApi } from "../../../src/api/read/openapi.ts";
import { readRaml } from "../../../src/api/read/raml.ts";
import { createOpenApiDocument } from "../../../src/api/write/openapi.ts";
import { silentLogger } from "../../../src/log.ts";
import { createApi } from "../../../src/server/handler.ts";

const named = (path: string) => Array.from(path.matchAll(/\{([^}]+)\}/g), ([, name]) => name ?? "");

/** The definition of one path, from each kind of file and from code. */
const sources: Readonly<Record<string, (paths: readonly string[]) => ApiDefinition>> = {
  "an OpenAPI file": (paths) =>
    readOpenApi(
      JSON.stringify({
        openapi: "3.0.3",
        info: { title: "t", version: "1" },
        paths: Object.fromEntries(
          paths.map((path) => [
            path,
            {
              post: {
                parameters: named(path).map((name) => ({
                  name,
                  in: "path",
                  required: true,
                  schema: { type: "string" },
                })),
                responses: { 200: { description: "ok" } },
              },
            },
          ]),
        ),
      }),
      { file: "api.json" },
    ),
  "a RAML 0.8 file": (paths) =>
    readRaml(`#%RAML 0.8\ntitle: t\nversion: v1\n${paths.map((path) => `"${path}": { post: }\n`).join("")}`, {
      file: "api.raml",
    }),
  "a RAML 1.0 file": (paths) =>
    readRaml(`#%RAML 1.0\ntitle: t\nversion: v1\n${paths.map((path) => `"${path}": { post: }\n`).join("")}`, {
      file: "api.raml",
    }),
  "a definition in code": (paths) => ({
    title: "t",
    version: "v1",
    resources: paths.map(
      (path): Resource => ({
        path,
        methods: ["POST"],
        additional: false,
        parameters: named(path).map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
      }),
    ),
  }),
};

const apiOf = (definition: ApiDefinition, basePath = "/m/v1") => {
  const api = createApi({
    definition,
    basePath,
    predict: (args) => ({ args }),
    ready: async () => {},
    log: silentLogger,
  });
  return async (path: string) => {
    const response = await api.fetch(new Request(`http://localhost${basePath}${path}`, { method: "POST" }));
    const { args } = (await response.json()) as { args?: unknown };
    return response.status === 200 ? args : response.status;
  };
};

/** As the Open Inference Protocol writes it. */
const inference = `/v2/models/$${"{MODEL_NAME}"}/infer`;

const shapes: [path: string, asked: string, args: unknown][] = [
  ["/models/{model}:predict", "/models/iris:predict", { model: "iris" }],
  ["/models/{model}:predict", "/models/a:b:predict", { model: "a:b" }],
  ["/models/{model}:predict", "/models/a%3Ab%2Fc:predict", { model: "a:b/c" }],
  ["/models/{model}:predict", "/models/iris%3Apredict", { model: "iris" }],
  ["/models/{model}:predict", "/models/:predict", 404],
  ["/models/{model}:predict", "/models/iris", 404],
  ["/models/iris:predict", "/models/iris:predict", {}],
  ["/models/iris:predict", "/models/iris%3Apredict", {}],
  ["/report.{format}", "/report.pdf", { format: "pdf" }],
  ["/report.{format}", "/report.", 404],
  ["/{name}.{format}", "/a.tar.gz", { name: "a.tar", format: "gz" }],
  [inference, "/v2/models/iris/infer", { MODEL_NAME: "iris" }],
  [inference, "/v2/models/$iris/infer", { MODEL_NAME: "iris" }],
  ["/$metadata", "/$metadata", {}],
  ["/$metadata", "/%24metadata", {}],
  ["/a/", "/a/", {}],
  ["/a/", "/a", 404],
  ["/a", "/a/", 404],
  ["/", "/", {}],
  ["/a//b", "/a//b", {}],
  ["/a*b", "/a*b", {}],
  ["/a*b", "/axb", 404],
  ["/:predict", "/:predict", {}],
  ["/:predict", "/other", 404],
  ["/Entity('{id}')", "/Entity('5')", { id: "5" }],
  ["/range/{from}-{to}", "/range/1-2", { from: "1", to: "2" }],
  ["/range({from},{to})", "/range(1,2)", { from: "1", to: "2" }],
  ["/a%20b/{x}", "/a%20b/1", { x: "1" }],
  ["/größe/{x}", "/gr%C3%B6%C3%9Fe/1", { x: "1" }],
  ["/%7euser", "/~user", {}],
  ["/a;v=1/{x}", "/a;v=1/2", { x: "2" }],
  ["/a@b,c=d!(e)+&'f", "/a@b,c=d!(e)+&'f", {}],
  ["/x/{id}", "/x/%E0%A4%A", { id: "%E0%A4%A" }],
  ["/x/{id}", "/x/50%25", { id: "50%" }],
];

describe.each(Object.entries(sources))("the paths of %s", (_, definitionOf) => {
  it.each(shapes)("%s takes %s", async (path, asked, args) => {
    expect(await apiOf(definitionOf([path]))(asked)).toEqual(args);
  });

  it("are told apart, the more exact one first", async () => {
    const ask = apiOf(
      definitionOf(["/m/{a}", "/m/{a}:predict", "/m/iris:predict", "/m/{a}.{b}", "/m/new", "/{x}/new"]),
    );
    expect(await ask("/m/iris:predict")).toEqual({});
    expect(await ask("/m/x:predict")).toEqual({ a: "x" });
    expect(await ask("/m/a.b")).toEqual({ a: "a", b: "b" });
    expect(await ask("/m/x%3Apredict")).toEqual({ a: "x:predict" });
    expect(await ask("/m/new")).toEqual({});
    expect(await ask("/n/new")).toEqual({ x: "n" });
  });

  it.each(shapes.filter(([, , args]) => args !== 404))("%s stands in documents and examples", async (path) => {
    const definition = definitionOf([path]);
    const { paths } = createOpenApiDocument(definition, { server: "/m/v1" });
    expect(Object.keys(paths)).toEqual([path]);
    const request = exampleRequest(definition, "");
    const args = await apiOf(definition)(request?.url ?? "");
    expect(Object.keys(Object(args))).toEqual(named(path));
  });
});

describe("a path with styles", () => {
  const matrix = (name: string) => ({
    name,
    in: "path" as const,
    required: true,
    schema: { type: "string" },
    style: "matrix" as const,
  });
  const ask = apiOf({
    title: "t",
    version: "v1",
    resources: [
      { path: "/point{x}{y}", methods: ["POST"], additional: false, parameters: [matrix("x"), matrix("y")] },
      {
        path: "/report{format}",
        methods: ["POST"],
        additional: false,
        parameters: [{ ...matrix("format"), style: "label" }],
      },
    ],
  });

  it("needs no text between its parameters", async () => {
    expect(await ask("/point;x=1;y=2")).toEqual({ x: "1", y: "2" });
    expect(await ask("/report.pdf")).toEqual({ format: "pdf" });
    expect(await ask("/reportpdf")).toBe(404);
  });
});

it("is matched in a time that a caller cannot make long", async () => {
  const names = Array.from({ length: 8 }, (_, index) => `p${index}`);
  const path = `/${names.map((name) => `{${name}}`).join("-")}x`;
  const ask = apiOf((sources["a definition in code"] ?? (() => ({ title: "", version: "", resources: [] })))([path]));
  const started = performance.now();
  expect(await ask(`/${"-".repeat(15_000)}`)).toBe(404);
  expect(performance.now() - started).toBeLessThan(1000);
});

it("gives whatever text a client escapes", async () => {
  const ask = apiOf((sources["an OpenAPI file"] ?? (() => ({ title: "", version: "", resources: [] })))(["/m/{a}:x"]));
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), async (text) => {
      expect(await ask(`/m/${encodeURIComponent(text)}:x`)).toEqual({ a: text });
    }),
  );
});
