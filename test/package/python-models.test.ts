import { cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLaunchpad } from "../../runtimes/node.ts";
import { run } from "../runtimes/runtime.ts";
import { blocksOf } from "./blocks.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-python-models-"));
  await cp(join(root, "examples/python-models"), folder, { recursive: true });
  await mkdir(join(folder, "node_modules"));
  await symlink(root, join(folder, "node_modules/mllaunchpad"));
  const [block] = await blocksOf("examples/python-models/README.md");
  for (const line of (block?.text ?? "").trim().split("\n")) {
    const { code, stderr } = await run(["bash", "-c", line], { cwd: folder });
    expect(code, `${line}\n${stderr}`).toBe(0);
  }
}, 900_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("examples/python-models", () => {
  it.each(["xgboost", "lightgbm", "catboost", "sklearn", "onnx"])(
    "trains with %s, and Launchpad predicts what the library predicted",
    async (library) => {
      const python = await run([join(folder, ".venv/bin/python"), `${library}_model.py`], { cwd: folder });
      expect(python, python.stderr).toMatchObject({ code: 0 });
      const launchpad = await openLaunchpad({ config: join(folder, "launchpad.yml") });
      try {
        const { metrics, meta } = await launchpad.train({ fresh: true });
        expect(metrics.accuracy).toBeGreaterThan(0.94);
        expect(meta?.train_report.expected).toMatchObject({ rows: 143, tolerance: 1e-6 });
        const [, first = ""] = (await readFile(join(folder, "holdout.csv"), "utf8")).split("\n");
        expect(first.split(",")).toHaveLength(31);
      } finally {
        await launchpad.close();
      }
    },
    120_000,
  );
});
