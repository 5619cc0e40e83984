import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runtimes, start } from "../runtimes/runtime.ts";
import { type TrainedIris, trainIris } from "./iris.ts";

const at = (file: string) => fileURLToPath(new URL(`../../examples/embedding/${file}`, import.meta.url));

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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Asks until somebody listens, or the program has ended. */
async function listening(url: string, ended: Promise<{ readonly stderr: string }>): Promise<void> {
  let end: { readonly stderr: string } | undefined;
  ended.then((finished) => {
    end = finished;
  });
  while (end === undefined) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(end.stderr);
}

describe("an API inside", () => {
  for (const [name, [file, runtime, prefix]] of Object.entries(examples)) {
    it(`${name} predicts, and its document and its page follow where it is`, async () => {
      const port = await freePort();
      const program = start([...(runtimes[runtime] ?? []), at(file)], {
        cwd: iris.folder,
        env: { PORT: String(port) },
      });
      try {
        const origin = `http://127.0.0.1:${port}`;
        await listening(`${origin}${prefix}/livez`, program.finished);

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
        program.kill("SIGKILL");
        await program.finished;
      }
    });
  }

  it("has a README that names every example", async () => {
    const readme = await readFile(at("README.md"), "utf8");
    for (const [file] of Object.values(examples)) expect(readme).toContain(`\`${file}\``);
  });
});
