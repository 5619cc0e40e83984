import { describe, expect, it } from "vitest";
import { combine } from "../../../../src/index.ts";
import { protocols } from "../../../../src/server/protocols/table.ts";
import { testHost } from "../../../support/host.ts";
import { irises } from "../../../support/irises.ts";

const names = protocols.map(({ name }) => name);

// biome-ignore lint/suspicious/noExplicitAny: a document is read here as whoever reads it does
const documentOf = async (fetch: (request: Request) => Response | Promise<Response>): Promise<any> =>
  (await fetch(new Request("http://h/openapi.json"))).json();

describe("the document of an API with protocols", () => {
  it("has every path of every protocol that is on, with what it takes and gives", async () => {
    const { launchpad } = await irises({ protocols: names, docs: true, admin: true, admin_token_var: "T" }, { T: "x" });
    const document = await documentOf(launchpad.fetch);
    const server = {
      models: { list: () => [], find: () => undefined },
      ready: async () => {},
      version: "1",
      adminToken: "x",
      env: () => undefined,
    };
    const paths = protocols.flatMap((protocol) => protocol.paths(server as never));
    for (const { path, handlers } of paths) {
      const methods = Object.keys(handlers).map((method) => method.toLowerCase());
      expect([path, Object.keys(document.paths[path] ?? {})]).toEqual([path, expect.arrayContaining(methods)]);
    }
    expect(document.servers).toEqual([{ url: "." }]);
    expect(Object.keys(document.paths)).toContain("/iris/v1/varieties");
    const predict = document.paths["/v1/models/{model}:predict"];
    expect(predict.parameters).toEqual([
      { name: "model", in: "path", required: true, schema: { type: "string", enum: ["iris"] } },
    ]);
    const { responses, requestBody } = predict.post;
    expect(requestBody.content["application/json"].schema.properties.instances.items.anyOf[0]).toEqual({
      $ref: "#/components/schemas/Row",
    });
    expect(document.components.schemas.Row).toMatchObject({
      required: ["length", "width"],
      additionalProperties: false,
    });
    expect(responses[200].content["application/json"].schema.properties.predictions.items).toEqual({
      $ref: "#/components/schemas/Prediction",
    });
    expect(responses.default.content["application/json"].schema).toEqual({
      type: "object",
      properties: { error: { type: "string" } },
      required: ["error"],
    });
  });

  it("has none of those that are off", async () => {
    const { launchpad } = await irises({ protocols: ["mlflow"], docs: true });
    const { paths } = await documentOf(launchpad.fetch);
    expect(Object.keys(paths)).toEqual(["/iris/v1/varieties", "/ping", "/health", "/version", "/invocations"]);
    const { launchpad: without } = await irises({ docs: true });
    const document = await documentOf(without.fetch);
    expect([Object.keys(document.paths), document.servers]).toEqual([["/varieties"], [{ url: "./iris/v1" }]]);
  });

  it("has those of several models once, with their names", async () => {
    const { launchpad } = await irises({ docs: true });
    const all = combine(
      { iris: launchpad },
      { api: { docs: true, protocols: ["kserve-v1", "mcp"] } as never, host: testHost() },
    );
    const { paths } = await documentOf(all.fetch);
    expect(Object.keys(paths)).toEqual([
      "/iris/v1/varieties",
      "/v1/models",
      "/v1/models/{model}:predict",
      "/v1/models/{model}",
      "/mcp",
    ]);
    expect(paths["/v1/models/{model}"].parameters[0].schema.enum).toEqual(["iris"]);
    await all.close();
  });
});
