import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, runtimes } from "../runtimes/runtime.ts";
import { startBrowser } from "../support/browser.ts";
import { columnsOf, corpusOf, fileOf } from "./corpus.ts";
import { digestOf, type Question } from "./digest.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const featuresOf: Readonly<Record<string, number>> = { xgboost: 6, lightgbm: 6, catboost: 6 };

/** Questions of a format: every model of its corpus. */
const questionsOf = async (format: string): Promise<Question[]> => {
  const corpus = corpusOf(format);
  return Promise.all(
    corpus.names.map(async (name) => {
      const entry = corpus.entry(name);
      const three = /category/.test(name);
      const columns = columnsOf(corpus, entry, three ? 3 : (featuresOf[format] ?? 0));
      return {
        format,
        file: Buffer.from(fileOf(entry)).toString("base64"),
        columns: columns.map((column) =>
          ArrayBuffer.isView(column) ? Buffer.from(column.buffer).toString("base64") : Array.from(column),
        ),
      };
    }),
  );
};

describe("predictions and contributions are the same bits on every runtime", () => {
  let folder = "";
  let file = "";
  let questions: Question[] = [];
  let expected: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "formats-"));
    file = join(folder, "questions.json");
    questions = (await Promise.all(["xgboost", "lightgbm", "catboost"].map(questionsOf))).flat();
    expected = await Promise.all(questions.map(digestOf));
    await writeFile(file, JSON.stringify(questions));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("which are those of 300 models, and differ from one another", () => {
    expect(questions.length).toBeGreaterThan(300);
    expect(new Set(expected).size).toBeGreaterThan(150);
  });

  it.each(Object.entries(runtimes))("on %s", async (_, command) => {
    // In one file, for Node 20 knows no types.
    const bundle = join(folder, "program.mjs");
    await build({
      entryPoints: [at("./digest-program.ts")],
      bundle: true,
      format: "esm",
      platform: "node",
      outfile: bundle,
    });
    const result = await run([...command, bundle, file]);
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout.trim().split("\n")).toEqual(expected);
  });

  it("in workerd", async () => {
    const { outputFiles } = await build({
      entryPoints: [at("./digest-worker.ts")],
      bundle: true,
      format: "esm",
      write: false,
    });
    const worker = new Miniflare({
      modules: true,
      script: outputFiles[0]?.text ?? "",
      compatibilityDate: "2026-01-01",
    });
    try {
      const found: string[] = [];
      for (const question of questions) {
        const answer = await worker.dispatchFetch("http://x/", { method: "POST", body: JSON.stringify(question) });
        found.push(await answer.text());
      }
      expect(found).toEqual(expected);
    } finally {
      await worker.dispose();
    }
  });

  it("in Chromium", async () => {
    const script = await build({
      entryPoints: [at("./digest.ts")],
      bundle: true,
      format: "iife",
      globalName: "digests",
      write: false,
    });
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      await page.addScriptTag({ content: script.outputFiles[0]?.text ?? "" });
      const found: string[] = [];
      for (const question of questions) {
        found.push(
          await page.evaluate(
            (asked) =>
              (globalThis as unknown as { digests: { digestOf(q: unknown): Promise<string> } }).digests.digestOf(asked),
            question,
          ),
        );
      }
      expect(found).toEqual(expected);
    } finally {
      await browser.close();
    }
  });
});
