import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cardOf, cycloneDx, huggingFaceCard, type Meta } from "../../src/internal.ts";
import { publishedCli, run, runtimes } from "../runtimes/runtime.ts";
import { pythons } from "../support/python.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const judge = fileURLToPath(new URL("judge_documents.py", import.meta.url));

let folder: string;
let python: string;

const launchpad = (...args: string[]) => run([...(runtimes.Node ?? []), publishedCli, ...args], { cwd: folder });

async function judged(card: string, bom: string) {
  const found = await run([python, judge, card, bom], { cwd: folder });
  expect(found, found.stderr).toMatchObject({ code: 0 });
  return JSON.parse(found.stdout);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-card-"));
  await cp(new URL("project", import.meta.url), folder, { recursive: true });
  await mkdir(join(folder, "node_modules"));
  await symlink(root, join(folder, "node_modules/mllaunchpad"));
  await symlink(join(root, "node_modules/valibot"), join(folder, "node_modules/valibot"));
  python = (await pythons("default"))[0]?.path ?? "";
  const trained = await launchpad("train");
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
  // Counts that curves are drawn from are for pages.
  expect(JSON.parse(trained.stdout)).not.toHaveProperty("evaluation");
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("documents of a model", () => {
  it("are what huggingface_hub and CycloneDX's validator take, with all that is known", async () => {
    const card = await launchpad("models", "card", "flowers", "README.md");
    expect(card, card.stderr).toMatchObject({ code: 0, stdout: "" });
    const bom = await launchpad("models", "bom");
    expect(bom, bom.stderr).toMatchObject({ code: 0 });
    await writeFile(join(folder, "bom.json"), bom.stdout);
    const found = await judged("README.md", "bom.json");
    const shown = await launchpad("models", "show", "flowers");
    const meta: Meta = JSON.parse(shown.stdout);

    expect(found.error).toBeNull();
    expect(found.component).toEqual(["machine-learning-model", "flowers", "1.2.0"]);
    expect(found.components).toEqual(
      expect.arrayContaining([
        ["data", "flowers", null],
        ["data", "held out", null],
        ["library", "valibot", expect.stringMatching(/^pkg:npm\/valibot@1\./)],
      ]),
    );
    expect(found.card).toMatchObject({
      license: "apache-2.0",
      language: ["en"],
      library_name: "mllaunchpad",
      pipeline_tag: "tabular-classification",
      tags: ["flowers", "mllaunchpad", "tabular"],
    });
    const numbers = Object.entries(meta.metrics).filter(([, value]) => typeof value === "number");
    expect(found.results).toEqual(
      numbers.map(([metric_type, metric_value]) => ({
        task_type: "tabular-classification",
        dataset_name: "held out",
        dataset_type: "held-out",
        metric_type,
        metric_value,
      })),
    );
    for (const part of [
      "Tells flowers apart",
      "- Sorting: flowers",
      "- Ann Ödegård <ann@example.com>",
      "| input | length | float64 | one |",
      "| true, and predicted as | short | wide\\|long |",
      "### By garden",
      "| length | 0.62 to ",
      meta.contents.sha256,
      (meta.data as { sha256: string }[])[0]?.sha256,
    ]) {
      expect(found.text).toContain(part);
    }
    // The same run has the same document.
    expect((await launchpad("models", "bom", "flowers@1.2.0")).stdout).toBe(bom.stdout);
  });

  it("say of the configured model what people say of it now", async () => {
    const config = await readFile(join(folder, "launchpad.yml"), "utf8");
    await writeFile(join(folder, "launchpad.yml"), config.replace("license: apache-2.0", "license: Our own"));
    const bom = await launchpad("models", "bom");
    expect(JSON.parse(bom.stdout).metadata.component.licenses).toEqual([{ license: { name: "Our own" } }]);
    await writeFile(join(folder, "launchpad.yml"), config.replace("license: apache-2.0", "licence: MIT"));
    const wrong = await launchpad("models", "card");
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/launchpad\.yml line 19: model\.card\.licence: .*description, intended_use/);
    await writeFile(join(folder, "launchpad.yml"), config);
  });

  it("are valid of the least that metadata hold, and of numbers and texts that YAML reads otherwise", async () => {
    const meta = {
      name: "m",
      version: "1",
      run: "20260101T000000000Z-abc",
      created: "2026-01-01T00:00:00.000Z",
      created_by: null,
      system: { packages: { "@scope/pkg": "1.0.0", other_one: "2.0.0+x" }, language: "Python" },
      train_report: {},
      metrics: { tiny: 1e-7, huge: 1e21, negative: -2.5e-9, "no: yes": 1, on: 0, whole: 3 },
      metrics_history: {},
      config_snapshot: { model: { card: { tags: ["yes", "1.0", "\u2028\u0085 \ud800 😀", "~"] } } },
      have_columns_been_ordered: true,
      contents: { size: 1, sha256: "ab".repeat(32) },
    } as unknown as Meta;
    const card = cardOf(meta);
    await writeFile(join(folder, "least.md"), huggingFaceCard(card));
    await writeFile(join(folder, "least.json"), JSON.stringify(cycloneDx(card)));
    const found = await judged("least.md", "least.json");
    expect(found.error).toBeNull();
    expect(
      Object.fromEntries(
        found.results.map((one: { metric_type: string; metric_value: number }) => [one.metric_type, one.metric_value]),
      ),
    ).toEqual(meta.metrics);
    expect(found.card.tags.slice(0, 2)).toEqual(["yes", "1.0"]);
    expect(found.components.map(([, , purl]: string[]) => purl)).toEqual([
      "pkg:pypi/%40scope/pkg@1.0.0",
      "pkg:pypi/other-one@2.0.0%2Bx",
    ]);
  });
});
