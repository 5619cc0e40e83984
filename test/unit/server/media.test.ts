import { describe, expect, it } from "vitest";
import { readOpenApi } from "../../../src/api/read/openapi.ts";
import { readRaml } from "../../../src/api/read/raml.ts";
import { type ApiDefinition, createLaunchpad } from "../../../src/index.ts";
import { testHost } from "../../support/host.ts";
import { sumModel } from "../../support/project.ts";

const openApi = (content: string, required = "true") =>
  readOpenApi(
    `openapi: 3.1.0
info: { title: t, version: "1" }
paths:
  /p:
    post:
      requestBody: { required: ${required}, content: ${content} }
      responses: { "200": { description: ok } }
`,
    { file: "./api.yaml" },
  );
const raml = (body: string) =>
  readRaml(`#%RAML 1.0\ntitle: t\nversion: v1\n/p:\n  post:\n    body:\n      ${body}\n`, { file: "./api.raml" });

/** Serves an API whose model says what it was given. */
const serve = async (definition: ApiDefinition) => {
  const launchpad = createLaunchpad({
    config: {
      model_store: { location: "memory:" },
      model: { name: "m", version: "1.0.0", module: "m" },
      api: { name: "m" },
    },
    model: {
      ...sumModel,
      async predict(_: unknown, args: Record<string, unknown>) {
        const { body } = args;
        if (!(body instanceof File)) return { args };
        return { file: [body.type, [...new Uint8Array(await body.arrayBuffer())]] };
      },
    },
    host: testHost(),
    api: definition,
  });
  await launchpad.train();
  const post = async (type: string | undefined, body: BodyInit) => {
    const headers = type === undefined ? {} : { "content-type": type };
    const sent = typeof body === "string" && type === undefined ? new TextEncoder().encode(body) : body;
    const response = await launchpad.fetch(
      new Request("http://a.test/m/v1/p", { method: "POST", headers, body: sent }),
    );
    return { status: response.status, ...(await response.json()) };
  };
  const document = await (await launchpad.fetch(new Request("http://a.test/openapi.json"))).json();
  return { post, content: document.paths["/p"].post.requestBody.content };
};

const bytes = Uint8Array.of(0, 137, 255);

describe("a body of a media type", () => {
  it.each([
    ["OpenAPI", () => openApi("{ text/plain: { schema: { type: string, minLength: 2 } } }")],
    ["OpenAPI without a schema", () => openApi("{ text/plain: {} }")],
    ["RAML", () => raml("text/plain: { type: string, minLength: 2 }")],
    ["RAML without a type", () => raml("text/plain:")],
  ])("that is text arrives as text: %s", async (name, describe) => {
    const { post, content } = await serve(await describe());
    expect(await post("text/plain; charset=utf-8", "Ähre\n🌾")).toEqual({ status: 200, args: { body: "Ähre\n🌾" } });
    expect(await post("application/json", '"text"')).toMatchObject({
      status: 415,
      detail: expect.stringContaining("expected text/plain"),
    });
    expect((await post("text/plain", "")).status).toBe(400);
    if (!name.includes("without")) expect(await post("text/plain", "1")).toMatchObject({ status: 400 });
    expect(Object.keys(content)).toEqual(["text/plain"]);
  });

  it.each([
    [
      "OpenAPI",
      () => openApi("{ application/octet-stream: { schema: { type: string, format: binary, maxLength: 5 } } }"),
    ],
    ["OpenAPI without a schema", () => openApi("{ application/octet-stream: {} }")],
    ["RAML", () => raml("application/octet-stream: { type: file, maxLength: 5 }")],
    ["RAML without a type", () => raml("application/octet-stream:")],
  ])("of any bytes arrives as a file: %s", async (name, describe) => {
    const { post, content } = await serve(await describe());
    expect(await post("application/octet-stream", bytes)).toEqual({
      status: 200,
      file: ["application/octet-stream", [0, 137, 255]],
    });
    if (!name.includes("without")) {
      const long = await post("application/octet-stream", new Uint8Array(6));
      expect(long).toMatchObject({ status: 400, errors: [{ message: expect.stringContaining("5 bytes or fewer") }] });
      expect(content["application/octet-stream"].schema).toMatchObject({ format: "binary", maxLength: 5 });
    }
    expect((await post(undefined, bytes)).status).toBe(415);
  });

  it("that is an image arrives as a file of its type, where the type is one of them", async () => {
    for (const definition of [
      await openApi("{ image/png: { schema: { type: string, format: binary } }, image/jpeg: {} }"),
      await raml("image/png: { type: file }\n      image/jpeg: { type: file }"),
    ]) {
      const { post, content } = await serve(definition);
      expect(await post("image/jpeg", bytes)).toEqual({ status: 200, file: ["image/jpeg", [0, 137, 255]] });
      expect(await post("image/png", bytes)).toMatchObject({ status: 200 });
      expect((await post("image/gif", bytes)).status).toBe(415);
      expect(Object.keys(content)).toEqual(["image/png", "image/jpeg"]);
    }
    const { post } = await serve(await openApi("{ image/*: { schema: { type: string, format: binary } } }"));
    expect(await post("image/gif", bytes)).toMatchObject({ status: 200, file: ["image/gif", [0, 137, 255]] });
    expect((await post("text/plain", "x")).status).toBe(415);
  });

  it("that is some JSON arrives as JSON", async () => {
    const schema = "{ schema: { type: object, properties: { x: { type: integer } }, required: [x] } }";
    for (const type of ["application/vnd.x+json", "application/*+json", "application/*", "'*/*'", "application/json"]) {
      const { post } = await serve(await openApi(`{ ${type}: ${schema} }`));
      for (const sent of ["application/json", "application/vnd.x+json", "application/problem+json; charset=utf-8"]) {
        expect(await post(sent, '{"x":1}')).toEqual({ status: 200, args: { x: 1 } });
      }
      expect(await post("application/ld+json", '{"x":"a"}')).toMatchObject({ status: 400, errors: [{ name: "x" }] });
      expect((await post("text/plain", '{"x":1}')).status).toBe(415);
    }
  });

  it("that may be anything arrives as what it says it is", async () => {
    const { post } = await serve(await openApi("{ '*/*': { schema: { type: string } } }"));
    expect(await post("text/csv", "a,b")).toEqual({ status: 200, args: { body: "a,b" } });
    expect(await post("application/json", '"a"')).toEqual({ status: 200, args: { body: "a" } });
    expect((await post("application/json", "5")).status).toBe(400);
    const { post: send } = await serve(await openApi("{ '*/*': { schema: { type: string, format: binary } } }"));
    expect(await send(undefined, bytes)).toMatchObject({ status: 200, file: ["", [0, 137, 255]] });
    expect(await send("application/pdf", bytes)).toMatchObject({
      status: 200,
      file: ["application/pdf", [0, 137, 255]],
    });
  });

  it("that no request has is refused, with what there is", async () => {
    for (const type of ["multipart/mixed", "json", "'a b/c'"]) {
      await expect((async () => openApi(`{ ${type}: {} }`))()).rejects.toThrow("is not supported: expected");
    }
  });
});
