import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLaunchpad } from "../../../../src/index.ts";
import { testHost } from "../../../support/host.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-ready-"));
  await writeFile(join(folder, "there.csv"), "x\n1\n");
});
afterAll(() => rm(folder, { recursive: true }));

describe("/readyz", () => {
  it("is 503 with Retry-After until the model and the preloaded sources are there; the log says which is missing", async () => {
    const host = testHost();
    const source = (name: string) => ({ type: "csv", path: pathToFileURL(join(folder, name)).href, tags: "predict" });
    const launchpad = createLaunchpad({
      config: {
        datasources: { prices: source("there.csv"), rates: source("missing.csv") },
        model_store: { location: "memory:" },
        model: { name: "iris", version: "1.0.0", module: "iris_model" },
        api: { name: "iris", preload_datasources: true },
      },
      model: { train: () => ({}), test: () => ({}), predict: () => ({}) },
      host,
    });
    const ask = async (path: string) => launchpad.fetch(new Request(`http://x${path}`));
    const reasons = () => host.records.filter(({ name }) => name === "launchpad.api").map(({ message }) => message);

    expect((await ask("/livez")).status).toBe(200);
    const untrained = await ask("/readyz");
    expect([untrained.status, untrained.headers.get("retry-after")]).toEqual([503, "5"]);
    await launchpad.train();
    const unready = await ask("/readyz");
    expect([unready.status, unready.headers.get("retry-after")]).toEqual([503, "5"]);
    // Whoever asks learns nothing of what is inside.
    expect(await unready.text()).not.toContain("rates");
    expect(reasons().at(-1)).toMatch(/^not ready: \[csv\] rates cannot be preloaded .*missing\.csv/);
    await ask("/readyz");
    const told = reasons().length;
    await ask("/readyz");
    expect(reasons()).toHaveLength(told);

    await writeFile(join(folder, "missing.csv"), "x\n1\n");
    expect(await (await ask("/readyz")).json()).toEqual({ status: "ready" });
    await launchpad.close();
  });
});
