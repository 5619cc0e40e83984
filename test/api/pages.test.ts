import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, run, runtimes, startApi } from "../runtimes/runtime.ts";
import { barriers, picture, startBrowser, visit } from "../support/browser.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const built = (file: string) => readFile(join(root, "dist/pages", file));
const node = [...(runtimes.Node ?? []), publishedCli];
const html = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

let browser: Browser;
let folder: string;
let api: Awaited<ReturnType<typeof startApi>>;

const train = () => run([...node, "train"], { cwd: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-pages-"));
  await cp(join(root, "test/metrics/project"), folder, { recursive: true });
  await mkdir(join(folder, "node_modules"));
  await symlink(root, join(folder, "node_modules/mllaunchpad"));
  await symlink(join(root, "node_modules/valibot"), join(folder, "node_modules/valibot"));
  expect(await train()).toMatchObject({ code: 0 });
  const data = await readFile(join(folder, "flowers.csv"), "utf8");
  await writeFile(join(folder, "flowers.csv"), `${data}9.9,north,short\n`);
  expect(await train()).toMatchObject({ code: 0 });
  [browser, api] = await Promise.all([startBrowser(), startApi(node, { cwd: folder })]);
});

afterAll(async () => {
  await api?.stop();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

describe("the pages for people", () => {
  for (const [name, command] of Object.entries(runtimes)) {
    it(`are whole on ${name}, for browsers, and JSON clients get what they got`, async () => {
      const own = name === "Node" ? api : await startApi([...command, publishedCli], { cwd: folder });
      try {
        const page = await fetch(`${own.origin}/`, { headers: html });
        expect([page.status, page.headers.get("vary")]).toEqual([200, "accept"]);
        expect(page.headers.get("content-security-policy")).toMatch(
          /default-src 'none'; script-src 'self'; style-src 'self'/,
        );
        expect(await page.text()).toBe((await built("index.html")).toString());
        for (const file of ["page.js", "page.css"]) {
          const response = await fetch(`${own.origin}/pages/${file}`);
          expect(await response.text()).toBe((await built(file)).toString());
          const again = await fetch(`${own.origin}/pages/${file}`, {
            headers: { "if-none-match": response.headers.get("etag") ?? "" },
          });
          expect(again.status).toBe(304);
        }
        for (const accept of ["application/json", "*/*", "text/html;q=0, application/json"]) {
          const response = await fetch(`${own.origin}/`, { headers: { accept } });
          expect([response.status, await response.json()]).toMatchObject([404, { detail: "There is nothing at /" }]);
        }
        const card = await fetch(`${own.origin}/pages/card.md`);
        expect(await card.text()).toMatch(/^---\nlicense: "apache-2.0"\n/);
        const bom = await fetch(`${own.origin}/pages/bom.json`);
        expect(await bom.json()).toMatchObject({ bomFormat: "CycloneDX" });
      } finally {
        if (own !== api) await own.stop();
      }
    });
  }

  it("weigh little, and write no script or style into the document", async () => {
    const files = await Promise.all(["index.html", "page.js", "page.css"].map(built));
    const bytes = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
    expect(bytes).toBeLessThan(80_000);
    expect(files[0]?.toString()).not.toMatch(/<style|<script>|style=|https?:/);
  });

  it("predict as somebody types, show shares as bars, and what would be if", async () => {
    const { page, asked, complaints } = await visit(browser, `${api.origin}/`);
    await page.getByText("probabilities", { exact: true }).waitFor();
    expect(await page.title()).toBe("flowers: Try it");
    await page.getByRole("spinbutton", { name: "length" }).fill("9");
    await page.locator(".answer", { hasText: "wide|long" }).waitFor();
    await expect.poll(() => page.locator(".bars").textContent()).toMatch(/wide\|long9\d\.\d %/);
    await page.getByRole("combobox", { name: "garden" }).selectOption("south");
    expect(await page.locator("pre").textContent()).toContain(`-d '{"length":9,"garden":"south"}'`);
    const command = (await page.locator("pre").textContent()) ?? "";
    const sent = await run(["bash", "-c", command]);
    expect(JSON.parse(sent.stdout)).toMatchObject({ kind: "wide|long" });
    await page.getByRole("combobox", { name: "in", exact: true }).selectOption("Python");
    expect(await page.locator("pre").textContent()).toContain("import requests");

    await page.getByLabel("Vary").selectOption("length");
    const curve = page.getByRole("img", { name: /probabilities.* by length/ });
    await curve.waitFor();
    const points = (await curve.locator("polyline").getAttribute("points"))?.split(" ") ?? [];
    expect(points).toHaveLength(25);
    await page.getByLabel("Vary").selectOption("garden");
    await page.getByRole("region", { name: "garden, prediction" }).waitFor();
    // What does not fit is said where it is typed.
    await page.getByRole("spinbutton", { name: "length" }).fill("99");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("length");
    expect(await barriers(page)).toEqual([]);
    await picture(page, "try");
    expect(new Set(asked.map((url) => new URL(url).origin))).toEqual(new Set([api.origin]));
    // Chromium says so of each refused request.
    expect(complaints.filter((one) => !one.includes("400 (Bad Request)"))).toEqual([]);
    await page.context().close();
  });

  it("show the card with its curves, and tune a threshold by keys", async () => {
    const { page, complaints } = await visit(browser, `${api.origin}/#card`);
    for (const name of [
      "ROC curve of wide|long",
      "Precision and recall of wide|long",
      "Calibration of wide|long",
      "Distribution of length",
    ]) {
      await page.getByRole("img", { name }).waitFor();
    }
    const text = await page.locator("main").textContent();
    for (const part of [
      "Tells flowers apart",
      "Knows only what it was shown.",
      "roc_auc",
      ">= 0.5",
      "By garden",
      "SHA-256",
    ]) {
      expect(text).toContain(part);
    }
    const recall = async () => Number(/recall([\d.]+)F1/.exec((await page.locator("main").textContent()) ?? "")?.[1]);
    const before = await recall();
    await page.getByRole("slider").focus();
    await page.keyboard.press("Home");
    expect(before).toBeGreaterThan(0.5);
    await expect.poll(recall).toBe(1);
    expect(await barriers(page)).toEqual([]);
    await picture(page, "card");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("show runs over time, two side by side, and promotions", async () => {
    const { page, complaints } = await visit(browser, `${api.origin}/#history`);
    await page.getByRole("img", { name: /^accuracy of 2 measurements/ }).waitFor();
    await page.getByText("metrics.accuracy").waitFor();
    const text = await page.locator("main").textContent();
    for (const part of ["data.0.rows", "train", "nothing", "Promotions"]) expect(text).toContain(part);
    expect(await barriers(page)).toEqual([]);
    await picture(page, "history");
    expect(complaints).toEqual([]);
    await page.context().close();
    expect((await fetch(`${api.origin}/pages/diff.json?a=x&b=y`)).status).toBe(404);
  });

  it("show what the server counts", async () => {
    await fetch(`${api.origin}/flowers/v1/predictions`, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    const { page, complaints } = await visit(browser, `${api.origin}/#watch`);
    const route = page.getByRole("row", { name: /\/flowers\/v1\/predictions 400/ });
    await route.waitFor();
    expect(await barriers(page)).toEqual([]);
    await picture(page, "watch");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("fit a phone in the dark, and are walked through by keys", async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme: "dark" });
    const page = await context.newPage();
    await page.goto(`${api.origin}/`);
    await page.getByRole("heading", { name: "flowers" }).waitFor();
    for (const hash of ["try", "card", "history", "watch"]) {
      await page.goto(`${api.origin}/#${hash}`);
      await page.locator("main h2").first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), hash).toBeLessThanOrEqual(360);
      expect(await barriers(page), hash).toEqual([]);
      await picture(page, `phone-${hash}`);
    }
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe("To the content");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.title()).toBe("flowers: Try it");
    await context.close();
  });

  it("paint within 200 ms of loopback", async () => {
    const context = await browser.newContext();
    const times: number[] = [];
    // A machine may be busy with other tests: the least of some is what the pages take.
    for (let turn = 0; turn < 8 && (times.length === 0 || Math.min(...times) >= 200); turn++) {
      const page = await context.newPage();
      await page.goto(`${api.origin}/`);
      await page.getByRole("heading", { name: "flowers" }).waitFor();
      times.push(
        await page.evaluate(
          () =>
            new Promise<number>((resolve) => {
              new PerformanceObserver((list) => {
                const [entry] = list.getEntriesByName("first-contentful-paint");
                if (entry) resolve(entry.startTime);
              }).observe({ type: "paint", buffered: true });
            }),
        ),
      );
      await page.close();
    }
    if (process.env.PICTURES) console.log("first contentful paint, ms:", times);
    expect(Math.min(...times)).toBeLessThan(200);
    await context.close();
  });

  it("stand in one file that asks nobody, for a mail", async () => {
    const bin = join(folder, "bin");
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, "xdg-open"), `#!/bin/sh\necho "$1" > "${folder}/opened"\n`, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const written = await run([...node, "report", "--open"], { cwd: folder, env });
    expect(written, written.stderr).toMatchObject({ code: 0 });
    const { file } = JSON.parse(written.stdout);
    await expect.poll(() => readFile(join(folder, "opened"), "utf8").catch(() => "")).toBe(`${file}\n`);
    const context = await browser.newContext({ offline: true });
    const page = await context.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`file://${file}`);
    await page.getByRole("img", { name: "ROC curve of wide|long" }).waitFor();
    expect(await page.getByRole("link", { name: "Try it" }).count()).toBe(0);
    await picture(page, "report");
    await page.getByRole("link", { name: "History" }).click();
    await page.getByRole("img", { name: /^accuracy of 2 measurements/ }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(asked.filter((url) => !url.startsWith("data:"))).toEqual([`file://${file}`]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("are off where the configuration says so, and leave a page of the user's own alone", async () => {
    await mkdir(join(folder, "public"), { recursive: true });
    await writeFile(join(folder, "public/index.html"), "<title>Own</title>");
    await writeFile(join(folder, "off.yml"), "api: { pages: false }\n");
    await writeFile(join(folder, "own.yml"), "api: { static: ./public }\n");
    const off = await startApi([...node, "-c", "launchpad.yml", "-c", "off.yml"], { cwd: folder });
    expect((await fetch(`${off.origin}/`, { headers: html })).status).toBe(404);
    expect((await fetch(`${off.origin}/pages/model.json`)).status).toBe(404);
    await off.stop();
    const own = await startApi([...node, "-c", "launchpad.yml", "-c", "own.yml"], { cwd: folder });
    expect(await (await fetch(`${own.origin}/`, { headers: html })).text()).toBe("<title>Own</title>");
    expect((await fetch(`${own.origin}/pages/model.json`)).status).toBe(200);
    await own.stop();
  });
});
