/*
 * How the model store grows: how long it takes to list, to start and to store with 1 to 10,000 runs on local files.
 *
 *   node test/bench/store-growth.ts [LARGEST]
 *
 * Start-up is what an API does before it serves: it asks which run is current, and loads that run.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileDriver } from "../../runtimes/shared/file-driver.ts";
import { silentLogger } from "../../src/log.ts";
import { contentsKey, createId, currentKey, metaKey, promotionKey } from "../../src/store/layout.ts";
import { seal, sha256 } from "../../src/store/seal.ts";
import { createStore } from "../../src/store/store.ts";

const [name, version] = ["iris", "1.0.0"];
const start = Date.UTC(2026, 0, 1);
const contents = new Uint8Array(1000).fill(7);
const sizes = [1, 10, 100, 1000, 10_000].filter((size) => size <= Number(process.argv[2] ?? 10_000));
const parent = await mkdtemp(join(tmpdir(), "launchpad-growth-"));

/** The store flushes every file to the disk: for so many runs their files are written without that. */
async function write(folder: string, key: string, data: Uint8Array | string): Promise<void> {
  const path = join(folder, ...key.split(":"));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, data);
}

async function addRun(folder: string, time: number): Promise<void> {
  const run = createId(time);
  const created = new Date(time).toISOString();
  const metrics = { accuracy: 0.9, f1: 0.8 };
  const meta = await seal({
    name,
    version,
    created,
    created_by: "jane",
    system: {
      platform: "linux-x64",
      packages: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`p${at}`, "1"])),
    },
    train_report: { petals: { rows: 130 } },
    metrics,
    config_snapshot: { model: { name, version } },
    have_columns_been_ordered: true,
    run,
    contents: { size: contents.length, sha256: await sha256(contents) },
    metrics_history: { [created]: metrics },
  });
  await write(folder, contentsKey(name, version, run), contents);
  await write(folder, metaKey(name, version, run), meta.text);
  const promotion = await seal({ time: created, run, previous: null, reason: "train" });
  await write(folder, promotionKey(name, version, createId(time)), promotion.text);
  await write(folder, currentKey(name, version), JSON.stringify({ run }));
}

/** The median of several times, in milliseconds. */
async function measure(times: number, action: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let at = 0; at < times; at++) {
    const before = performance.now();
    await action();
    taken.push(performance.now() - before);
  }
  return taken.sort((a, b) => a - b)[times >> 1] ?? Number.NaN;
}

console.log(
  ["runs", "models() ms", "runs() ms", "start-up ms", "keys listed by start-up"].map((s) => s.padStart(14)).join(""),
);
try {
  for (const size of sizes) {
    const folder = join(parent, String(size));
    for (let at = 0; at < size; at++) await addRun(folder, start + at * 1000);
    const driver = fileDriver({ folder });
    let listed = 0;
    const counting = {
      ...driver,
      async getKeys(base: string, options: object) {
        const keys = await driver.getKeys(base, options);
        listed += keys.length;
        return keys;
      },
    };
    const store = createStore({ driver: counting, location: folder, now: Date.now, log: silentLogger });
    const models = await measure(5, async () => {
      const found = (await store.models())[name]?.backups.length;
      if (found !== size - 1) throw new Error(`found ${found} backups of ${size} runs`);
    });
    const runs = await measure(3, () => store.runs());
    listed = 0;
    const startUp = await measure(20, async () => {
      const run = await store.current(name, version);
      if (run) await store.loadRun({ name, version, run });
    });
    const row = [size, models.toFixed(1), runs.toFixed(1), startUp.toFixed(2), listed];
    console.log(row.map((cell) => String(cell).padStart(14)).join(""));
  }
} finally {
  await rm(parent, { recursive: true, force: true });
}
