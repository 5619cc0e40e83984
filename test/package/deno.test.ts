import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { arch, platform, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, runtimes, sourceCli, start } from "../runtimes/runtime.ts";
import { freePort } from "../storage/servers.ts";
import { type Registry, startRegistry } from "./registry.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const [deno = ""] = runtimes.Deno ?? [];
const flower = { "sepal.length": 4.9, "sepal.width": 2.4, "petal.length": 3.3, "petal.width": 1 };
const prediction = { iris_variety: "Versicolor" };
const esbuild = `node_modules/@esbuild/${platform()}-${arch()}/bin/esbuild`;

let registry: Registry;
/** A copy of the iris example, with what is published installed in it. */
let folder: string;

beforeAll(async () => {
  registry = await startRegistry();
  folder = await mkdtemp(join(tmpdir(), "launchpad-deno-"));
  await cp(join(root, "examples/iris"), folder, { recursive: true, filter: (path) => !path.includes("model_store") });
  const env = { ...registry.env, PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter) };
  const installed = await run(["npm", "install", "mllaunchpad", "ml-cart"], { cwd: folder, env });
  expect(installed, installed.stderr).toMatchObject({ code: 0 });
  const trained = await launchpad(["--allow-read=.", "--allow-write=model_store"], ["train"]);
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(trained.stdout).accuracy).toBeGreaterThanOrEqual(0.9);
}, 300_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await registry?.stop();
});

const command = (permissions: readonly string[], args: readonly string[]) => [
  ...[deno, "run", "--no-prompt", "--ignore-env", ...permissions],
  ...["npm:mllaunchpad", ...args],
];
const launchpad = (permissions: readonly string[], args: readonly string[], env = {}) =>
  run(command(permissions, args), { cwd: folder, env: { ...registry.env, ...env }, input: JSON.stringify(flower) });

describe("launchpad on Deno, with exactly these permissions", () => {
  it("trains and tests again, predicts, and lists the model store", async () => {
    const retested = await launchpad(["--allow-read=.", "--allow-write=model_store"], ["retest"]);
    expect(retested, retested.stderr).toMatchObject({ code: 0 });
    const predicted = await launchpad(["--allow-read=."], ["predict"]);
    expect(predicted, predicted.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(predicted.stdout)).toEqual(prediction);
    const listed = await launchpad(["--allow-read=."], ["models"]);
    expect(JSON.parse(listed.stdout).iris.latest.version).toBe("0.0.2");
  });

  it("serves, the documentation page included", async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const args = ["api", "--port", new URL(`http://${address}`).port];
    const running = start(command(["--allow-read=.", `--allow-net=${address}`], args), {
      cwd: folder,
      env: registry.env,
    });
    try {
      const [, url = ""] = await running.printed(/Open +(\S+)/);
      expect(await (await fetch(url)).json()).toEqual(prediction);
      expect((await fetch(`http://${address}/docs/page.js`)).status).toBe(200);
    } finally {
      running.kill("SIGTERM");
    }
    expect(await running.finished).toMatchObject({ code: 0 });
  });

  it("builds, and a package needs the net alone", async () => {
    const built = await launchpad(["--allow-read=.", "--allow-write=build", `--allow-run=${esbuild}`], ["build"]);
    expect(built, built.stderr).toMatchObject({ code: 0 });
    const address = `127.0.0.1:${await freePort()}`;
    const args = [JSON.parse(built.stdout).file, "--port", new URL(`http://${address}`).port];
    const running = start([deno, "run", "--no-prompt", `--allow-net=${address}`, ...args], { cwd: folder });
    try {
      const [, base = ""] = await running.printed(/Serving iris 0\.0\.2 at (\S+?)\. /);
      const answer = await fetch(`${base}/varieties`, { method: "POST", body: new URLSearchParams(texts(flower)) });
      expect([answer.status, await answer.json()]).toEqual([200, prediction]);
    } finally {
      running.kill("SIGTERM");
    }
    expect(await running.finished).toMatchObject({ code: 0, stdout: "" });
  });

  it("runs from its sources", async () => {
    const store = ["-c", join(folder, "launchpad.yml")];
    for (const [name, program] of [
      ["Deno", [deno, "run", "--no-prompt", "--ignore-env", `--allow-read=.,${folder}`]],
      ["Bun", runtimes.Bun ?? []],
    ] as const) {
      const predicted = await run([...program, sourceCli, ...store, "predict"], { input: JSON.stringify(flower) });
      expect(predicted, `${name}: ${predicted.stderr}`).toMatchObject({ code: 0 });
      expect(JSON.parse(predicted.stdout)).toEqual(prediction);
    }
  });

  it("reads the variable that a configuration names", async () => {
    await writeFile(join(folder, "variable.yml"), "model_store: { location_var: MODELS }\n");
    const args = ["-c", "launchpad.yml", "-c", "variable.yml", "predict"];
    const predicted = await launchpad(["--allow-read=.", "--allow-env=MODELS"], args, { MODELS: "./model_store" });
    expect(predicted, predicted.stderr).toMatchObject({ code: 0 });
  });
});

describe("launchpad on Deno says which permission is missing", () => {
  const without: Record<string, [permissions: readonly string[], args: readonly string[], code: number, RegExp]> = {
    "to write the model": [
      ["--allow-read=."],
      ["train"],
      1,
      /Requires write access.*--allow-write.*\[STORE_UNAVAILABLE\]/,
    ],
    "to listen": [["--allow-read=."], ["api"], 1, /cannot listen at.*Run it with --allow-net\. \[LISTEN_FAILED\]/],
    "to start esbuild": [
      ["--allow-read=."],
      ["build"],
      2,
      /esbuild cannot be started.*--allow-run=.*\[MODULE_INVALID\]/,
    ],
    "to write a package": [
      ["--allow-read=.", `--allow-run=${esbuild}`],
      ["build"],
      1,
      /cannot be written: Requires write access to ".*build.*--allow-write.*\[DATA_UNAVAILABLE\]/,
    ],
  };
  for (const [what, [permissions, args, code, message]] of Object.entries(without)) {
    it(what, async () => {
      const finished = await launchpad(permissions, args);
      expect(finished).toMatchObject({ code });
      expect(finished.stderr).toMatch(message);
      expect(finished.stderr).not.toMatch(/defect|^ +at /m);
    });
  }

  it("to read a variable", async () => {
    await writeFile(join(folder, "variable.yml"), "model_store: { location_var: MODELS }\n");
    const args = ["npm:mllaunchpad", "-c", "launchpad.yml", "-c", "variable.yml", "predict"];
    // Without --ignore-env: what yaml looks for is allowed by name.
    const permissions = ["--no-prompt", "--allow-read=.", "--allow-env=LOG_TOKENS,LOG_STREAM"];
    const finished = await run([deno, "run", ...permissions, ...args], {
      cwd: folder,
      env: registry.env,
      input: JSON.stringify(flower),
    });
    expect(finished).toMatchObject({ code: 2 });
    expect(finished.stderr).toMatch(
      /variable MODELS may not be read\. Run Deno with --allow-env=MODELS \[VARIABLE_NOT_SET\]/,
    );
  });
});

function texts(values: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
}
