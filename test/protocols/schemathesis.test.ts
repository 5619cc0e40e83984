import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { createFileHost } from "../../runtimes/hosts/server-host.ts";
import { serve } from "../../runtimes/node.ts";
import { openProject } from "../../runtimes/project/open-project.ts";
import { silentLogger } from "../../src/index.ts";
import { protocols } from "../../src/server/protocols/table.ts";
import { clientsPython, pythons } from "../support/python.ts";

const run = promisify(execFile);
const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

/** Examples for each operation, besides those at the edges of its schemas. */
const count = Number(process.env.SCHEMATHESIS_EXAMPLES ?? 5);

const checks = [
  "status_code_conformance",
  "content_type_conformance",
  "response_schema_conformance",
  "unsupported_method",
];

let tool: string;
let python: string | undefined;

beforeAll(async () => {
  tool = join(dirname(await clientsPython()), "schemathesis");
  python = (await pythons("default"))[0]?.path;
}, 900_000);

describe("the documents of the example projects, as Schemathesis reads them", () => {
  it.each<[string, readonly string[], boolean]>([
    ["iris", protocols.map(({ name }) => name), true],
    ["addition", [], true],
    ["plugin", [], true],
    // Nobody describes their arguments: what a model cannot take is its failure, as their documents say.
    ["python", [], false],
    ["r", [], false],
  ])(
    "say what %s does",
    async (name, names, isDescribed) => {
      const folder = await mkdtemp(join(tmpdir(), "schemathesis-"));
      for (const one of new Set(["iris", name])) {
        await cp(join(examples, one), join(folder, one), {
          recursive: true,
          filter: (path) => !path.includes("model_store"),
        });
      }
      await writeFile(join(folder, name, "more.yml"), `api: { protocols: [${names.join(", ")}] }\n`);
      const host = createFileHost({ name: "node", version: process.versions.node }, { log: silentLogger });
      const env = (key: string) => (key === "LAUNCHPAD_PYTHON" ? python : host.env(key));
      const config = ["launchpad.yml", "more.yml"].map((file) => join(folder, name, file));
      const launchpad = await openProject({ ...host, env }, { config });
      try {
        await launchpad.train();
        const server = await serve(launchpad.fetch, { port: 0 });
        const url = `http://127.0.0.1:${server.url.port}/openapi.json`;
        const asked = isDescribed ? ["not_a_server_error", ...checks] : checks;
        const options = [
          "--workers",
          "2",
          "--phases",
          "examples,coverage,fuzzing",
          "--continue-on-failure",
          "--seed",
          "1",
        ];
        const { stdout } = await run(
          tool,
          ["run", url, "--max-examples", String(count), "--checks", asked.join(","), ...options],
          { cwd: folder, maxBuffer: 2 ** 24 },
        ).catch((error: { stdout: string }) => error);
        await server.close(0);
        expect(stdout).toMatch(/\d+ generated, \d+ passed/);
        expect(stdout).not.toContain("FAILURES");
      } finally {
        await launchpad.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
    300_000,
  );
});
