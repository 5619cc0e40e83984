import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { Location } from "../../../../src/data/location/open-location.ts";
import { readParquet } from "../../../../src/data/parquet/read.ts";

/** What a worker is told: files, and how many times one of them is damaged and read. */
export interface Work {
  readonly files: readonly string[];
  readonly seed: number;
  readonly count: number;
  readonly changes: number;
}

/** What it tells: that it begins to read, or what it threw that is no error of ours. */
export type Report = { readonly reading: string } | { readonly thrown: string };

const { files, seed, count, changes } = workerData as Work;
const tell = (report: Report) => parentPort?.postMessage(report);

/** Marsaglia's xorshift: the same numbers for a seed on every machine. */
let state = seed;
function below(limit: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

for (let run = 0; run < count; run++) {
  const file = files[below(files.length)] ?? "";
  const bytes = Uint8Array.from(readFileSync(file));
  const changed = Array.from({ length: changes === 0 ? 0 : 1 + below(changes) }, () => {
    const at = below(bytes.length);
    bytes[at] = below(256);
    return `${at}=${bytes[at]}`;
  });
  const what = `${file} ${changed.join(" ")}`;
  tell({ reading: what });
  const location = {
    shown: "x",
    size: () => Promise.resolve(undefined),
    parts: async () => undefined,
    stream: async () => new Blob([bytes]).stream(),
    append: async () => {},
    write: async () => {},
  } satisfies Location;
  try {
    for await (const frame of readParquet(location, { dtype: {}, size: Number.POSITIVE_INFINITY })) {
      for (const name of frame.names) {
        if (frame.column(name).length !== frame.length) throw new Error(`${name} has another length than the frame`);
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof Error && thrown.name === "LaunchpadError")) tell({ thrown: `${what}: ${String(thrown)}` });
  }
}
