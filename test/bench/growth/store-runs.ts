import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { contentsKey, createId, currentKey, metaKey, promotionKey } from "../../../src/store/layout/layout.ts";
import { addChecksum, sha256 } from "../../../src/store/signing/checksum.ts";

/** The model whose runs they are. */
export const [name, version] = ["iris", "1.0.0"] as const;

const contents = new Uint8Array(1000).fill(7);
const packages = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`p${at}`, "1"]));

/** The store flushes every file to the disk: for so many runs their files are written without that. */
async function write(folder: string, key: string, data: Uint8Array | string): Promise<void> {
  const path = join(folder, ...key.split(":"));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, data);
}

/**
 * Writes a run into the folder of a model store, and makes it current.
 *
 * @param folder The folder.
 * @param time When it was trained, in milliseconds.
 */
async function addRun(folder: string, time: number): Promise<void> {
  const run = createId(time);
  const created = new Date(time).toISOString();
  const metrics = { accuracy: 0.9, f1: 0.8 };
  const meta = await addChecksum({
    name,
    version,
    created,
    created_by: "jane",
    system: { platform: "linux-x64", packages },
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
  const promotion = await addChecksum({ time: created, run, previous: null, reason: "train" });
  await write(folder, promotionKey(name, version, createId(time)), promotion.text);
  await write(folder, currentKey(name, version), JSON.stringify({ run }));
}

/** Makes a project whose model store has so many runs. */
export async function makeStore(folder: string, runs: number): Promise<void> {
  const first = Date.UTC(2026, 0, 1);
  for (let at = 0; at < runs; at++) await addRun(join(folder, "store"), first + at * 1000);
  await writeFile(
    join(folder, "launchpad.yml"),
    `model_store: { location: ./store }\nmodel: { name: ${name}, version: "${version}", module: none }\n`,
  );
}
