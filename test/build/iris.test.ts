import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { R2Bucket } from "../../runtimes/storage/r2-driver.ts";
import { run, runtimes, start } from "../runtimes/runtime.ts";
import { createIris, type Project, startPackage } from "./project.ts";
import recorded from "./sizes.json" with { type: "json" };

const query = "/iris/v0/varieties?sepal.length=4.9&sepal.width=2.4&petal.length=3.3&petal.width=1";
const answer = { iris_variety: "Versicolor" };

let project: Project;
/** Where nothing of the project is. */
let elsewhere: string;

beforeAll(async () => {
  project = await createIris();
  elsewhere = await mkdtemp(join(tmpdir(), "launchpad-elsewhere-"));
});

afterAll(async () => {
  await project.remove();
  await rm(elsewhere, { recursive: true, force: true });
});

/** Only what a package needs: no other file, no environment. */
const programs: Record<string, { target: string; command: readonly string[] }> = {
  "Node 20": { target: "node", command: runtimes["Node 20"] ?? [] },
  Node: { target: "node", command: runtimes.Node ?? [] },
  Bun: { target: "bun", command: runtimes.Bun ?? [] },
  Deno: { target: "deno", command: [...(runtimes.Deno ?? []).slice(0, 1), "run", "--no-prompt"] },
};

describe("iris, built", () => {
  for (const [name, { target, command }] of Object.entries(programs)) {
    it(`serves from one file on ${name}`, async () => {
      const { file } = await project.build("--target", target);
      expect(file).toBe(`build/${target}/index.mjs`);
      const path = join(project.folder, file);
      const permissions = name === "Deno" ? ["--allow-net=127.0.0.1", "--allow-env=PORT"] : [];
      const running = start([...command, ...permissions, path, "--host", "127.0.0.1"], {
        cwd: elsewhere,
        env: { PORT: "0" },
      });
      try {
        const [, origin = ""] = await running.printed(/Serving iris 0\.0\.2 at (http:\/\/[^/]+)\/iris\/v0/);
        const response = await fetch(origin + query);
        expect([response.status, await response.json()]).toEqual([200, answer]);
        expect(await (await fetch(`${origin}/readyz`)).json()).toEqual({ status: "ready" });
        expect((await fetch(`${origin}/iris/v0/varieties?sepal.length=x`)).status).toBe(400);
        expect((await (await fetch(`${origin}/openapi.json`)).json()).info.title).toBe("Iris Variety Prediction API");
      } finally {
        running.kill("SIGTERM");
      }
      expect(await running.finished).toMatchObject({ code: 0, stdout: "" });
    });
  }

  it("does not serve when it is imported, and says what is wrong with a port", async () => {
    const { file } = await project.build("--target", "node");
    const path = join(project.folder, file);
    const script = `const { fetch } = await import(${JSON.stringify(path)});
      console.log(await (await fetch(new Request("http://x${query}"))).text());`;
    const imported = await run([...(runtimes.Node ?? []), "--input-type=module", "-e", script], { cwd: elsewhere });
    expect(imported, imported.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(imported.stdout)).toEqual(answer);
    const wrong = await run([...(runtimes.Node ?? []), path, "--port", "no"], { cwd: elsewhere });
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toContain('port: found "no", expected a whole number from 0 to 65535');
  });

  it("answers in anything that takes a Fetch handler", async () => {
    const { file } = await project.build("--target", "fetch");
    expect(/(from|import)\s*\(?["']node:/.test(await project.read(file))).toBe(false);
    const { default: handler } = await import(/* @vite-ignore */ join(project.folder, file));
    const response: Response = await handler.fetch(new Request(`http://x${query}`));
    expect([response.status, await response.json()]).toEqual([200, answer]);
    expect(response.headers.get("x-model")).toMatch(/^iris@0\.0\.2\//);
  });

  it("answers on Workers, with the model in it", async () => {
    const { file } = await project.build("--target", "cloudflare");
    const worker = await startPackage(await project.read(file));
    try {
      const response = await worker.dispatchFetch(`http://x${query}`);
      expect([response.status, await response.json()]).toEqual([200, answer]);
      expect(await (await worker.dispatchFetch("http://x/readyz")).json()).toEqual({ status: "ready" });
    } finally {
      await worker.dispose();
    }
  });

  it("answers on Workers with the model in R2 by an overlay, and says which binding is missing", async () => {
    await project.write({ "production.yml": "model_store: { location: r2://MODELS/some/prefix }\n" });
    const built = await project.launchpad(
      ...["-c", "launchpad.yml", "-c", "production.yml", "build", "--target", "cloudflare"],
      ...["--model", "store", "--out", "build/r2"],
    );
    expect(built, built.stderr).toMatchObject({ code: 0 });
    const code = await project.read(JSON.parse(built.stdout).file);
    const worker = await startPackage(code, { r2Buckets: ["MODELS"] });
    try {
      const early = await worker.dispatchFetch(`http://x${query}`);
      expect(early.status).toBe(503);
      const bucket = (await worker.getR2Bucket("MODELS")) as unknown as R2Bucket;
      const store = join(project.folder, "model_store");
      for (const entry of await readdir(store, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        await bucket.put(`some/prefix/${relative(store, path)}`, await readFile(path));
      }
      const response = await worker.dispatchFetch(`http://x${query}`);
      expect([response.status, await response.json()]).toEqual([200, answer]);
    } finally {
      await worker.dispose();
    }
    const unbound = await startPackage(code);
    try {
      expect((await unbound.dispatchFetch(`http://x${query}`)).status).toBe(503);
    } finally {
      await unbound.dispose();
    }
  });

  it("holds neither what reads its training data nor what reads its files", async () => {
    for (const target of ["node", "deno", "bun", "fetch", "cloudflare"]) {
      const { parts } = await project.build("--target", target);
      const names = parts.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(["launchpad", "ml-cart", "trained model"]));
      for (const absent of ["papaparse", "yaml", "commander", "esbuild", "acorn", "hyparquet", "exsolve"]) {
        expect(names, target).not.toContain(absent);
      }
    }
  });

  it("has at most 66 kB, compressed, and has not grown by more than a tenth", async () => {
    const { file, gzip_bytes } = await project.build("--target", "cloudflare");
    const code = await readFile(join(project.folder, file));
    expect(gzip_bytes).toBe(gzipSync(code, { level: 9 }).length);
    expect(gzip_bytes).toBeLessThanOrEqual(66_000);
    const { gzip_bytes: before } = recorded["iris, cloudflare, embedded"];
    expect(gzip_bytes, `recorded in ${fileURLToPath(new URL("sizes.json", import.meta.url))}`).toBeLessThan(
      before * 1.1,
    );
    // What has become smaller is recorded anew, so that it stays so.
    expect(gzip_bytes).toBeGreaterThan(before * 0.9);
  });
});
