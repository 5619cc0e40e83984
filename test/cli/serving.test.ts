import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Running, run, runtimes, sourceCli, startApi } from "../runtimes/runtime.ts";

const project = fileURLToPath(new URL("project", import.meta.url));
/** Those that run the sources as they are. */
const programs = Object.entries(runtimes).filter(([name]) => name !== "Node 20");

let folder: string;
const started: Running[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-serving-"));
  await cp(project, folder, { recursive: true });
});

afterEach(async () => {
  for (const running of started.splice(0)) {
    running.kill("SIGKILL");
    await running.finished;
  }
  await rm(folder, { recursive: true, force: true });
});

const env = { ADMIN_TOKEN: "a-token-of-the-operators" };

async function serve(program: readonly string[], overlay: string) {
  await writeFile(join(folder, "serve.yml"), overlay);
  const command = [...program, sourceCli, "-c", "launchpad.yml", "-c", "serve.yml"];
  const api = await startApi(command, { cwd: folder, env });
  started.push(api.running);
  return api;
}

async function train(program: readonly string[], scale: number): Promise<void> {
  await writeFile(join(folder, "train.yml"), `model: { scale: ${scale} }\n`);
  const trained = await run([...program, sourceCli, "-c", "launchpad.yml", "-c", "train.yml", "train"], {
    cwd: folder,
  });
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
}

async function ask(origin: string) {
  const response = await fetch(`${origin}/means/v0/predictions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"x": 1}',
  });
  expect(response.status).toBe(200);
  const [of, run] = response.headers.get("x-model")?.split("/") ?? [];
  expect(of).toMatch(/@0\.1\.0$/);
  const { y } = (await response.json()) as { y: number };
  return { y, run };
}

describe.each(programs)("launchpad api on %s", (_, program) => {
  it("follows the store by itself, without a request, and at SIGHUP", async () => {
    await train(program, 1);
    const never = await serve(program, "model_store: { refresh: 0 }\n");
    const soon = await serve(program, "model_store: { refresh: 0.2 }\n");
    const old = await ask(soon.origin);
    expect(old.y).toBe(2);
    await train(program, 3);
    await soon.running.printed(/now means 0\.1\.0, run \S+ serves, instead of run/);
    const followed = await ask(soon.origin);
    expect(followed.y).toBe(6);
    expect(followed.run).not.toBe(old.run);

    expect(await ask(never.origin)).toEqual(old);
    never.running.kill("SIGHUP");
    await never.running.printed(/now means 0\.1\.0, run \S+ serves, instead of run/);
    expect(await ask(never.origin)).toEqual(followed);
    for (const api of [soon, never]) expect(await api.stop()).toMatchObject({ code: 0, signal: null });
  });
});

describe("launchpad api", () => {
  const [, node = []] = programs[0] ?? [];

  it("refreshes when an operator asks for it", async () => {
    await train(node, 1);
    const api = await serve(node, "model_store: { refresh: 0 }\napi: { admin: true, admin_token_var: ADMIN_TOKEN }\n");
    await train(node, 2);
    const refused = await fetch(`${api.origin}/admin/refresh`, { method: "POST" });
    expect(refused.status).toBe(401);
    const authorization = `Bearer ${env.ADMIN_TOKEN}`;
    const response = await fetch(`${api.origin}/admin/refresh`, { method: "POST", headers: { authorization } });
    expect(await response.json()).toEqual({ refreshed: true });
    expect((await ask(api.origin)).y).toBe(4);
    expect((await api.stop()).stderr).not.toContain(env.ADMIN_TOKEN);
  });

  it("goes on with the old model when its store is gone, and says so", async () => {
    await train(node, 1);
    const api = await serve(node, "model_store: { refresh: 0.2 }\n");
    const old = await ask(api.origin);
    await rm(join(folder, "model_store"), { recursive: true });
    await api.running.printed(/a newer model cannot serve, run \S+ goes on/);
    expect(await ask(api.origin)).toEqual(old);
    const ready = await fetch(`${api.origin}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: "ready", refresh: expect.any(String) });
    await train(node, 2);
    await api.running.printed(/now means 0\.1\.0/);
    expect((await ask(api.origin)).y).toBe(4);
    expect(await api.stop()).toMatchObject({ code: 0, signal: null });
  });
});
