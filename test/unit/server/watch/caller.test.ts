import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { createLaunchpad, defineModel } from "../../../../src/index.ts";
import { isChosen } from "../../../../src/monitoring/rollout/choose.ts";
import { testHost } from "../../../support/host.ts";
import { newKey } from "../doors/keys.ts";

it("callers are known by the name of their key, in the log and to a canary", async () => {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-caller-"));
  const path = join(folder, "kept.jsonl");
  const keys = Array.from({ length: 20 }, (_, at) => ({ name: `caller-${at}`, ...newKey() }));
  const launchpad = createLaunchpad({
    config: {
      datasinks: { kept: { type: "jsonl", path: pathToFileURL(path).href, options: { mode: "a" } } },
      model_store: { location: "memory:" },
      model: {
        name: "sums",
        version: "1.0.0",
        module: "sums",
        rollout: { canary: { percent: 50, sticky: "key" } },
      },
      api: { name: "sums", log: "kept" },
      auth: { api_keys: Object.fromEntries(keys.map(({ name, digest }) => [name, digest])) },
    },
    model: defineModel({ train: () => ({}), test: () => ({}), predict: (_, { x }) => ({ y: x }) }),
    host: testHost(),
  });
  await launchpad.train();
  const { meta } = await launchpad.train();
  const run = meta?.run ?? "";
  await launchpad.store.alias("sums", "next", { name: "sums", version: "1.0.0", run });
  await launchpad.ready();
  for (let round = 0; round < 3; round += 1) {
    for (const { name, key } of keys) {
      const response = await launchpad.fetch(
        new Request("http://x/sums/v1/predictions?x=1", { method: "POST", headers: { "x-api-key": key } }),
      );
      const expected = isChosen(name, run, 50) ? "canary" : "current";
      expect([response.status, response.headers.get("x-model-variant")]).toEqual([200, expected]);
    }
  }
  await launchpad.close();
  const text = await readFile(path, "utf8");
  const rows = text
    .trim()
    .split("\n")
    .map((line): { caller: string; variant: string } => JSON.parse(line));
  expect(rows.map(({ caller }) => caller)).toEqual([1, 2, 3].flatMap(() => keys.map(({ name }) => name)));
  expect(new Set(rows.map(({ variant }) => variant))).toEqual(new Set(["canary", "current"]));
  for (const { key, digest } of keys) expect(text.includes(key) || text.includes(digest)).toBe(false);
  await rm(folder, { recursive: true });
});
