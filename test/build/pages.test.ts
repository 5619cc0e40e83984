import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, run, runtimes, startApi } from "../runtimes/runtime.ts";
import { barriers, picture, startBrowser, visit } from "../support/browser.ts";
import { createProject, type Project, root, startPackage } from "./project.ts";

const modelOf = (by: number) => `import { defineModel } from "mllaunchpad";
import * as v from "valibot";
export default defineModel({
  train: () => ({ by: ${by} }),
  test: () => ({ mae: 0.5 }),
  input: v.object({ x: v.pipe(v.number(), v.minValue(0), v.maxValue(10)) }),
  output: v.object({ y: v.number() }),
  predict: ({ by }, { x }) => ({ y: by * x }),
});
`;
const card = "card: { description: Multiplies., license: mit }";
const configOf = (name: string, model = "", more = "") => `model_store: { location: ../../model_store }
model: { name: ${name}, version: "1.0.0", module: model.ts, ${card}, order_columns_not_used_warning: never${model} }
api: { name: ${name}${more} }
`;

let project: Project;
let browser: Browser;
const node = [...(runtimes.Node ?? []), publishedCli];

beforeAll(async () => {
  const watched = configOf("watched", ", rollout: { canary: { percent: 50 } }", ", log: kept");
  project = await createProject(
    {
      "launchpad.yml": "projects: [models/*]\n",
      "packed.yml": "api: { pages: true }\noverlay: with-pages.yml\n",
      "with-pages.yml": "api: { pages: true }\n",
      "models/plain/launchpad.yml": configOf("plain"),
      "models/plain/model.ts": modelOf(3),
      "models/watched/launchpad.yml": `${watched}drift: { inputs: [x] }
datasinks: { kept: { type: jsonl, path: ./kept.jsonl, options: { mode: a } } }
`,
      "models/watched/model.ts": modelOf(5),
    },
    ["valibot"],
  );
  for (const name of ["plain", "watched", "watched"]) {
    const trained = await project.launchpad("train", name);
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
  }
  const started = await project.launchpad("-c", "models/watched/launchpad.yml", "rollout", "start");
  expect(started, started.stderr).toMatchObject({ code: 0 });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await project?.remove();
});

/** Chromium says so of each refused request: the form is empty at first. */
const isUnexpected = (complaint: string) => !complaint.includes("400 (Bad Request)");

/** A prediction on the page, by the form and by what it says to paste. */
async function tries(page: Page, by: number) {
  await page.getByRole("spinbutton", { name: "x" }).fill("4");
  await page.locator(".answer", { hasText: String(4 * by) }).waitFor();
  const { stdout } = await run(["bash", "-c", (await page.locator("pre").textContent()) ?? ""]);
  expect(JSON.parse(stdout)).toEqual({ y: 4 * by });
}

describe("the pages of several models", () => {
  it("are listed at /, each with its own below, variants and what came true among them", async () => {
    const api = await startApi(node, { cwd: project.folder });
    try {
      const { page, asked, complaints } = await visit(browser, `${api.origin}/`);
      await page.getByRole("row", { name: "plain 1.0.0 /plain/v1" }).waitFor();
      expect(await page.title()).toBe("Models");
      expect(await barriers(page)).toEqual([]);
      await picture(page, "models");
      await page.getByRole("link", { name: "plain" }).click();
      await page.getByRole("heading", { name: "Try it" }).or(page.getByRole("spinbutton")).first().waitFor();
      expect(new URL(page.url()).pathname).toBe("/models/plain/");
      await tries(page, 3);

      const ids: string[] = [];
      for (let x = 0; x < 40; x += 1) {
        const response = await fetch(`${api.origin}/watched/v1/predictions?x=${x % 10}`, { method: "POST" });
        expect(response.status).toBe(200);
        ids.push(response.headers.get("x-prediction-id") ?? "");
      }
      const actual = ids.map((id, at) => ({ id, actual: 5 * (at % 10) + 1 }));
      const told = await fetch(`${api.origin}/models/watched/feedback`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(actual),
      });
      expect(await told.json()).toEqual({ accepted: 40, joined: 40 });
      await page.goto(`${api.origin}/models/watched/#watch`);
      await page.getByRole("row", { name: /^canary \d{8}T/ }).waitFor();
      await page.getByRole("heading", { name: "What came true" }).waitFor();
      const text = await page.locator("main").textContent();
      expect(text).toMatch(/answers 50 % of the requests, since/);
      expect(text).toMatch(/window fromrunnmaermse/);
      expect(await barriers(page)).toEqual([]);
      await picture(page, "models-watch");
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      expect(new Set(asked.map((url) => new URL(url).origin))).toEqual(new Set([api.origin]));
      expect(complaints.filter(isUnexpected)).toEqual([]);
      await page.context().close();
      // Nothing else of a model is below.
      for (const path of ["/models/plain/admin/refresh", "/models/nobody/", "/models/plain/livez", "/models/plain"]) {
        expect([path, (await fetch(api.origin + path)).status]).toEqual([path, 404]);
      }
    } finally {
      await api.stop();
    }
  });
});

describe("the pages of a package", () => {
  it("are in it where the configuration wants them, on Workers too", async () => {
    const without = await project.build("--target", "cloudflare", "-c", "models/plain/launchpad.yml");
    const config = ["-c", "models/plain/launchpad.yml", "-c", "with-pages.yml"];
    const { file, gzip_bytes: size } = await project.build("--target", "cloudflare", ...config);
    expect(size - without.gzip_bytes).toBeLessThan(80_000);
    const code = await readFile(join(project.folder, file), "utf8");
    const worker = await startPackage(code);
    try {
      const { origin } = await worker.ready;
      const { page, complaints } = await visit(browser, `${origin}/`);
      await tries(page, 3);
      expect(await barriers(page)).toEqual([]);
      await page.getByRole("link", { name: "Model card" }).click();
      await page.getByText("Multiplies.").first().waitFor();
      expect(await page.getByRole("link", { name: "History" }).count()).toBe(0);
      await picture(page, "worker");
      expect(await (await fetch(`${origin}/pages/card.md`)).text()).toContain('license: "mit"');
      expect((await fetch(`${origin}/`)).status).toBe(404);
      expect(complaints.filter(isUnexpected)).toEqual([]);
      await page.context().close();
    } finally {
      await worker.dispose();
    }
  });

  it("are those of all, for several models", async () => {
    const { file } = await project.build("--target", "node", "-c", "launchpad.yml", "-c", "packed.yml");
    const api = await startApi([...(runtimes.Node ?? []), join(project.folder, file)], { cwd: project.folder });
    try {
      const { page } = await visit(browser, `${api.origin}/`);
      await page.getByRole("link", { name: "plain" }).click();
      await tries(page, 3);
      const built = await readFile(join(root, "dist/pages/page.js"), "utf8");
      expect(await (await fetch(`${api.origin}/pages/page.js`)).text()).toBe(built);
      await page.context().close();
    } finally {
      await api.stop();
    }
  });
});
