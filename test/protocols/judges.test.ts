import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Server, serve } from "../../runtimes/node.ts";
import { irises } from "../support/irises.ts";
import { clientsPython } from "../support/python.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("judges.py", import.meta.url));

/** What is wrong, by the name of the check; null where nothing is. */
const found = new Map<string, string | null>();
let server: Server;

beforeAll(async () => {
  const python = await clientsPython();
  const { launchpad } = await irises({ protocols: ["oip", "kserve-v1", "mlflow", "sagemaker"], compression: true });
  server = await serve(launchpad.fetch, { port: 0 });
  const { stdout } = await run(python, [program, server.url.port], { maxBuffer: 2 ** 24 });
  for (const line of stdout.split("\n").filter((text) => text.startsWith("[")))
    found.set(...(JSON.parse(line) as [string, null]));
}, 600_000);

afterAll(() => server?.close(0));

describe("clients that others wrote", () => {
  it.each([
    "triton_metadata",
    "triton_binary_and_json",
    "triton_all_outputs_and_compression",
    "triton_many_rows_in_order",
    "triton_whole_numbers_of_64_bits",
    "triton_errors",
    "kserve_v1",
    "kserve_v2",
    "mlflow_scoring",
    "sagemaker_runtime",
  ])("are satisfied: %s", (name) => {
    expect(found.get(name)).toBe(null);
  });

  it("were all asked", () => {
    expect(found.size).toBe(10);
  });
});
