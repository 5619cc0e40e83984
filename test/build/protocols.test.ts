import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { protocols } from "../../src/server/protocols/table.ts";
import { createProject, minimal, type Project, startPackage } from "./project.ts";

/** Words that are in the code of one protocol alone. */
const markers: Readonly<Record<string, string>> = {
  oip: "binary_tensor_data",
  "kserve-v1": "KServe V1",
  mlflow: "dataframe_split",
  sagemaker: "x-amzn-errortype",
  vertex: "AIP_PREDICT_ROUTE",
  bigquery: "BigQuery remote functions",
  snowflake: "/snowflake/{model}",
  mcp: "io.modelcontextprotocol/",
};

let project: Project;
beforeAll(async () => {
  project = await createProject(minimal);
  await project.launchpad("train");
});
afterAll(() => project.remove());

async function build(names: readonly string[]) {
  await project.write({ "protocols.yml": `api: { protocols: [${names.join(", ")}] }\n` });
  const { file, gzip_bytes } = await project.build(
    "--target",
    "cloudflare",
    "-c",
    "launchpad.yml",
    "-c",
    "protocols.yml",
  );
  return { code: await project.read(file), gzip_bytes };
}

describe("a package", () => {
  it("has the code of the protocols that its configuration names, and of no other", async () => {
    expect(Object.keys(markers).sort()).toEqual(protocols.map(({ name }) => name).sort());
    const all = Object.keys(markers);
    // Each is in one of these packages, and in no other.
    for (const names of [[], all.filter((_, index) => index % 2 === 0), all.filter((_, index) => index % 2 === 1)]) {
      const { code } = await build(names);
      expect(all.filter((one) => code.includes(markers[one] ?? ""))).toEqual(names);
    }
  });

  it("has at most 16 kB more, compressed, with the Open Inference Protocol and the Model Context Protocol", async () => {
    const without = await build([]);
    const [oip, mcp, both] = [await build(["oip"]), await build(["mcp"]), await build(["oip", "mcp"])];
    const more = (one: { gzip_bytes: number }) => one.gzip_bytes - without.gzip_bytes;
    console.log("bytes more, compressed:", { oip: more(oip), mcp: more(mcp), both: more(both) });
    expect(more(mcp)).toBeLessThan(10_000);
    expect(more(both)).toBeLessThan(16_000);
  });

  it("answers agents in workerd", async () => {
    const { code } = await build(["mcp"]);
    const worker = await startPackage(code);
    try {
      const ask = async (method: string, params: object, headers: Record<string, string> = {}) => {
        const response = await worker.dispatchFetch("http://models.example/mcp", {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
        });
        return { status: response.status, json: (await response.json()) as { result: Record<string, unknown> } };
      };
      const _meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
      };
      const call = { name: "sums", arguments: { size: 2 } };
      const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "sums" };
      for (const answer of [await ask("tools/call", call), await ask("tools/call", { ...call, _meta }, headers)]) {
        expect([answer.status, answer.json.result.structuredContent]).toEqual([200, { sum: 3 }]);
      }
      expect((await ask("tools/list", {}, { origin: "https://evil.example" })).status).toBe(403);
    } finally {
      await worker.dispose();
    }
  });
});
