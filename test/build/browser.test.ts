import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, extname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Registry, startRegistry } from "../package/registry.ts";
import { run } from "../runtimes/runtime.ts";
import { startFiles } from "../storage/servers.ts";
import { startBrowser, visit } from "../support/browser.ts";
import { root } from "./project.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
};

let registry: Registry;
let browser: Browser;
/** A copy of the iris example, with that of the browser in it. */
let folder: string;
/** The commands of the README that leave the model outside of the package. */
let outside: string;

beforeAll(async () => {
  [registry, browser] = await Promise.all([startRegistry(), startBrowser()]);
  folder = await mkdtemp(join(tmpdir(), "launchpad-browser-"));
  await cp(join(root, "examples/iris"), folder, { recursive: true, filter: (path) => !path.includes("model_store") });
  await cp(join(root, "examples/browser"), join(folder, "page"), { recursive: true });
  const readme = await readFile(join(folder, "page/README.md"), "utf8");
  const [first = "", second = ""] = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
  outside = second;
  await paste(first);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await registry?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function paste(text: string): Promise<void> {
  const env = { ...registry.env, PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter) };
  for (const line of text.trim().split("\n")) {
    const done = await run(["bash", "-c", line], { cwd: folder, env });
    expect(done, `${line}\n${done.stderr}`).toMatchObject({ code: 0 });
  }
}

/** A web server that knows files only, and forbids all that a Content-Security-Policy can forbid of them. */
const startPage = () =>
  startFiles(join(folder, "page"), (path) => ({
    "content-type": types[extname(path)] ?? "application/octet-stream",
    "content-security-policy": "default-src 'self'",
  }));

async function shown(page: Page, button: string, text: string): Promise<void> {
  await page.locator("output").evaluate((output) => {
    (output as HTMLOutputElement).value = "";
  });
  // Waits until it may be pressed.
  await page.getByRole("button", { name: button }).click();
  await page.locator("output", { hasText: text }).waitFor();
}

describe("examples/browser, as its README says", () => {
  it("predicts in a page and by a service worker, also when no server is left", async () => {
    const server = await startPage();
    let isRunning = true;
    try {
      const { page, complaints } = await visit(browser, `${server.origin}/index.html`);
      const buttons = ["Predict in the page", "Ask the service worker"];
      for (const button of buttons) await shown(page, button, "Versicolor");
      expect(complaints).toEqual([]);

      await server.stop();
      isRunning = false;
      await page.getByLabel("Petal length").fill("1.4");
      await page.getByLabel("Petal width").fill("0.2");
      for (const button of buttons) await shown(page, button, "Setosa");
      await page.getByLabel("Petal width").fill("wide");
      for (const button of buttons) await shown(page, button, "petal.width: expected a number");
      const paths = server.requests.map(({ url = "" }) => url);
      expect(paths).toContain("/iris/index.mjs");
      expect(paths.filter((path) => path.includes("varieties"))).toEqual([]);
    } finally {
      if (isRunning) await server.stop();
    }
  }, 180_000);

  it("predicts with a model that the web server has, and follows it", async () => {
    await paste(outside);
    const server = await startPage();
    try {
      const { page, complaints } = await visit(browser, `${server.origin}/index.html`);
      for (const button of ["Predict in the page", "Ask the service worker"]) await shown(page, button, "Versicolor");
      expect(server.requests.map(({ url }) => url)).toContain("/model_store/iris/0.0.2/current.json");

      // As text: what is written as a function is compiled for tests, imports included.
      const query = JSON.stringify(
        "/iris/v0/varieties?sepal.length=4.9&sepal.width=2.4&petal.length=3.3&petal.width=1",
      );
      const answers = `import(new URL("iris/index.mjs", document.baseURI)).then(({ default: iris }) =>
        Promise.all([iris.fetch(new Request(${query})), fetch(${query})]))`;
      /** Which runs predict in the page and in its worker. */
      const serving = (): Promise<unknown> =>
        page.evaluate(`${answers}.then((found) => found.map(({ headers }) => headers.get("x-model")))`);
      const before = await serving();
      await paste("npx launchpad train && npx launchpad models index && cp -R model_store page/");
      const { run: newest } = JSON.parse(
        await readFile(join(folder, "page/model_store/iris/0.0.2/current.json"), "utf8"),
      );
      expect(String(before)).not.toContain(newest);
      await expect.poll(serving, { timeout: 90_000 }).toEqual([`iris@0.0.2/${newest}`, `iris@0.0.2/${newest}`]);
      expect(complaints).toEqual([]);
    } finally {
      await server.stop();
    }
  }, 180_000);
});
