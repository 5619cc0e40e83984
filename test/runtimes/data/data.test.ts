import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { azureKeys, type RunningAzure, startAzure } from "../../storage/azure.ts";
import { type RunningServer, type RunningWebServer, s3Keys, startFiles, startS3 } from "../../storage/servers.ts";
import { run, runtimes } from "../runtime.ts";
import { writeContents } from "./contents.ts";
import { startHttpCases } from "./http-server.ts";
import { type Outcome, outcomesOf, type Place } from "./suite.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let folder: string;
let s3: RunningServer;
let azure: RunningAzure;
let web: RunningWebServer;
let worker: Miniflare;
let bundle: string;
let cases: Awaited<ReturnType<typeof startHttpCases>>;

/** What came of the checks, by runtime and location. */
const outcomes: Record<string, Record<string, Outcome[]>> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-"));
  await writeContents(folder);
  [s3, azure, web, cases] = await Promise.all([
    startS3("data"),
    startAzure("data"),
    startFiles(folder),
    startHttpCases(),
  ]);
  bundle = join(folder, "run.mjs");
  await writeFile(bundle, await bundled("run.ts", { platform: "node" }));
  worker = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.mjs", contents: await bundled("worker.ts", {}) }],
    compatibilityDate: "2026-07-01",
    r2Buckets: ["BUCKET"],
    kvNamespaces: ["NAMESPACE"],
  });
  for (const name of Object.keys(runtimes)) outcomes[name] = await onRuntime(name);
  outcomes.workerd = await onWorkerd();
}, 300_000);

afterAll(async () => {
  await worker.dispose();
  await Promise.all([s3.stop(), azure.stop(), web.stop(), cases.stop()]);
  await rm(folder, { recursive: true });
});

/** One file with everything in it, for what cannot run the sources: Node 20 has no types, workerd no files. */
async function bundled(file: string, options: { readonly platform?: "node" }): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [at(file)],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    external: ["@libsql/client", "ioredis", "node:*"],
    ...(options.platform ? options : { conditions: ["workerd", "worker", "browser"] }),
  });
  return outputFiles[0]?.text ?? "";
}

const onS3 = (name: string): Place => ({
  contents: `${web.origin}/`,
  base: `s3://data/${name}/`,
  entry: { endpoint: `http://127.0.0.1:${s3.port}`, ...s3Keys },
});
const onAzure = (name: string): Place => ({
  contents: `${web.origin}/`,
  base: `az://data/${name}/`,
  entry: { endpoint: azure.endpoint, ...azureKeys },
});
const onWeb = (): Place => ({ contents: `${web.origin}/`, base: `${web.origin}/`, http: cases.origins });

async function onRuntime(name: string): Promise<Record<string, Outcome[]>> {
  const own = join(folder, name.replace(" ", ""));
  await mkdir(own);
  const places: Record<string, Place> = {
    file: { contents: `${web.origin}/`, base: pathToFileURL(`${own}/`).href },
    http: onWeb(),
    s3: onS3(name.toLowerCase().replace(" ", "-")),
    azure: onAzure(name.toLowerCase().replace(" ", "-")),
  };
  const script = name === "Node 20" ? bundle : at("run.ts");
  const finished = await run([...(runtimes[name] ?? []), script, JSON.stringify(places)]);
  expect(finished, finished.stderr).toMatchObject({ code: 0 });
  return JSON.parse(finished.stdout);
}

async function onWorkerd(): Promise<Record<string, Outcome[]>> {
  const places: Record<string, Place> = {
    http: onWeb(),
    s3: onS3("workerd"),
    azure: onAzure("workerd"),
    r2: { contents: `${web.origin}/`, base: "r2://BUCKET/some/folder/" },
    kv: { contents: `${web.origin}/`, base: "kv://NAMESPACE/some/folder/" },
  };
  const answers: Record<string, Outcome[]> = {};
  for (const [name, place] of Object.entries(places)) {
    const response = await worker.dispatchFetch("http://host/", { method: "POST", body: JSON.stringify(place) });
    answers[name] = (await response.json()) as Outcome[];
  }
  return answers;
}

/** Which places each runtime has. */
const locations: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.keys(runtimes).map((name) => [name, ["file", "http", "s3", "azure"]])),
  workerd: ["http", "s3", "azure", "r2", "kv"],
};

describe("data on every runtime, in every place", () => {
  for (const [runtime, places] of Object.entries(locations)) {
    for (const place of places) {
      for (const [name, checks] of Object.entries(outcomesOf(place === "http"))) {
        it(`${runtime}, ${place}: a ${name} keeps its ${checks} promises`, () => {
          const outcome = outcomes[runtime]?.[place]?.find((found) => found.name === name);
          expect(outcome).toEqual({ name, passed: checks, failures: [] });
        });
      }
    }
  }
});
