import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { createFileHost } from "../../runtimes/hosts/server-host.ts";
import { openProject } from "../../runtimes/project/open-project.ts";
import { silentLogger } from "../../src/index.ts";
import { exportingPython, pythons } from "../support/python.ts";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const petal = { "sepal.length": 4.9, "sepal.width": 2.4, "petal.length": 3.3, "petal.width": 1 };

/** Paths of Python, by configuration. */
let interpreters: Readonly<Record<string, string | undefined>>;

beforeAll(async () => {
  const [python] = await pythons("default");
  interpreters = { "launchpad.yml": python?.path, "edge.yml": await exportingPython() };
}, 900_000);

describe("the examples in other languages", () => {
  it.each([
    ["python", "launchpad.yml"],
    ["python", "edge.yml"],
    ["r", "launchpad.yml"],
  ])("in %s by %s is trained and served", async (language, config) => {
    const folder = await mkdtemp(join(tmpdir(), "examples-"));
    for (const name of ["iris", language]) {
      await cp(join(examples, name), join(folder, name), {
        recursive: true,
        filter: (path) => !path.includes("model_store"),
      });
    }
    const host = createFileHost({ name: "node", version: process.versions.node }, { log: silentLogger });
    const env = (name: string) => (name === "LAUNCHPAD_PYTHON" ? interpreters[config] : host.env(name));
    const launchpad = await openProject({ ...host, env }, { config: join(folder, language, config) });
    try {
      const { metrics, promoted } = await launchpad.train();
      expect(promoted).toBe(true);
      expect(metrics.accuracy).toBeGreaterThan(0.85);
      await launchpad.ready();
      const response = await launchpad.fetch(
        new Request("http://localhost/iris/v1/predictions", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(petal),
        }),
      );
      expect([response.status, await response.json()]).toMatchObject([200, { variety: "Versicolor" }]);
    } finally {
      await launchpad.close();
      await rm(folder, { recursive: true });
    }
  });
});
