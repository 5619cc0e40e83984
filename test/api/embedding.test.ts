import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleFile, startExample } from "./example.ts";
import { type TrainedIris, trainIris } from "./iris.ts";

/** What runs each example, and below which path its API is. */
const examples: Record<string, readonly [file: string, runtime: string, prefix: string]> = {
  "Hono on Node": ["hono.ts", "Node", "/ml"],
  "a route of h3 on Node": ["h3.ts", "Node", "/ml"],
  "Deno.serve": ["deno.ts", "Deno", ""],
  "Bun.serve": ["bun.ts", "Bun", ""],
};

const flower = { "sepal.length": 4.9, "sepal.width": 2.4, "petal.length": 3.3, "petal.width": 1 };

let iris: TrainedIris;

beforeAll(async () => {
  iris = await trainIris();
});
afterAll(() => iris?.remove());

describe("an API inside", () => {
  for (const [name, [file, runtime, prefix]] of Object.entries(examples)) {
    it(`${name} predicts, and its document and its page follow where it is`, async () => {
      const { origin, stop } = await startExample(file, runtime, { cwd: iris.folder, path: `${prefix}/livez` });
      try {
        const page = await (await fetch(`${origin}${prefix}/docs`)).text();
        const [, script = ""] = /src="(docs\/page\.js)"/.exec(page) ?? [];
        expect((await fetch(new URL(script, `${origin}${prefix}/docs`))).status).toBe(200);

        // As a client or the page does: from the document's own URL to that of an operation.
        const document = await fetch(`${origin}${prefix}/openapi.json`);
        const { servers, paths } = await document.json();
        const base = new URL(servers[0].url, document.url).href;
        expect(base).toBe(`${origin}${prefix}/iris/v0`);
        const [path] = Object.keys(paths);
        const query = new URLSearchParams(Object.entries(flower).map(([key, value]) => [key, String(value)]));
        const got = await fetch(`${base}${path}?${query}`);
        expect([got.status, await got.json()]).toEqual([200, { iris_variety: "Versicolor" }]);
        const posted = await fetch(`${base}${path}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(flower),
        });
        expect([posted.status, await posted.json()]).toEqual([200, { iris_variety: "Versicolor" }]);
        const refused = await fetch(`${base}${path}`, { method: "POST", body: new URLSearchParams({ colour: "red" }) });
        expect(refused.status).toBe(400);
        expect(refused.headers.get("content-type")).toBe("application/problem+json");
      } finally {
        await stop();
      }
    });
  }

  it("has a README that names every example", async () => {
    const readme = await readFile(exampleFile("README.md"), "utf8");
    for (const [file] of Object.values(examples)) expect(readme).toContain(`\`${file}\``);
  });
});
