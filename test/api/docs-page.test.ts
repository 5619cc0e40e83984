import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, runtimes, sourceCli, startApi } from "../runtimes/runtime.ts";
import { startBrowser, visit } from "../support/browser.ts";
import { startExample } from "./example.ts";
import { type TrainedIris, trainIris } from "./iris.ts";

const at = (path: string) => new URL(`../../${path}`, import.meta.url);

/** A file as it is in the sources, or in Swagger UI's package. */
function textOf(file: string): Promise<string> {
  const folder = file.includes("swagger") ? "node_modules/swagger-ui-dist" : "runtimes/pages/docs";
  return readFile(at(`${folder}/${file.slice(1) || "index.html"}`), "utf8");
}

let browser: Browser;
let iris: TrainedIris;

beforeAll(async () => {
  [browser, iris] = await Promise.all([startBrowser(), trainIris()]);
});

afterAll(async () => {
  await browser?.close();
  await iris?.remove();
});

/** Everything that the page is made of. */
const files = ["", "/page.css", "/page.js", "/swagger-ui.css", "/swagger-ui-bundle.js"];

const programs: Record<string, readonly string[]> = {
  ...Object.fromEntries(Object.entries(runtimes).map(([name, command]) => [name, [...command, publishedCli]])),
  ...Object.fromEntries(
    ["Bun", "Deno"].map((name) => [`${name}, from the sources`, [...(runtimes[name] ?? []), sourceCli]]),
  ),
};

describe("the documentation page", () => {
  for (const [name, program] of Object.entries(programs)) {
    it(`is whole on ${name}`, async () => {
      const api = await startApi([...program, ...iris.config]);
      try {
        for (const file of files) {
          const response = await fetch(`${api.origin}/docs${file}`);
          expect(response.status, file).toBe(200);
          expect(await response.text()).toBe(await textOf(file));
        }
      } finally {
        await api.stop();
      }
    });
  }

  it("shows the API and makes a prediction in a browser that reaches no other host", async () => {
    const api = await startApi([...(runtimes.Node ?? []), publishedCli, ...iris.config]);
    try {
      const { page, asked, complaints } = await visit(browser, `${api.origin}/docs`);
      const operation = page.locator(".opblock-get", { hasText: "/varieties" });
      await operation.locator(".opblock-summary").click();
      await page.getByText("Measured length of the sepals, in cm").first().waitFor();
      expect(await page.title()).toBe("Iris Variety Prediction API");
      // The examples of the API file are filled in.
      await operation.getByRole("button", { name: "Execute" }).click();
      const answer = operation.locator(".live-responses-table .response").first();
      await answer.waitFor();
      expect(await answer.textContent()).toContain("Versicolor");
      expect(await answer.textContent()).toContain("x-model: iris@0.0.2/");

      const post = page.locator(".opblock-post", { hasText: "/varieties" });
      await post.locator(".opblock-summary").click();
      await post.getByRole("button", { name: "Execute" }).click();
      await post.locator(".live-responses-table .response").first().waitFor();
      expect(await post.locator(".live-responses-table").textContent()).toContain("Versicolor");

      const paths = asked.map((url) => new URL(url).pathname);
      expect(new Set(asked.map((url) => new URL(url).origin))).toEqual(new Set([api.origin]));
      expect(paths).toEqual([
        "/docs",
        "/docs/swagger-ui.css",
        "/docs/page.css",
        "/docs/swagger-ui-bundle.js",
        "/docs/page.js",
        "/openapi.json",
        "/iris/v0/varieties",
        "/iris/v0/varieties",
      ]);
      expect(complaints).toEqual([]);
    } finally {
      await api.stop();
    }
  });

  it("makes a prediction below the path that the API is mounted at, too", async () => {
    const server = await startExample("hono.ts", "Node", { cwd: iris.folder, path: "/ml/livez" });
    try {
      const { page, asked, complaints } = await visit(browser, `${server.origin}/ml/docs`);
      const operation = page.locator(".opblock-get", { hasText: "/varieties" });
      await operation.locator(".opblock-summary").click();
      await operation.getByRole("button", { name: "Execute" }).click();
      const answer = operation.locator(".live-responses-table .response").first();
      await answer.waitFor();
      expect(await answer.textContent()).toContain("Versicolor");
      expect(asked.at(-1)).toMatch(`${server.origin}/ml/iris/v0/varieties?`);
      expect(complaints).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});
