import { fileURLToPath, pathToFileURL } from "node:url";
import { createData, defineConfig, type Host, LaunchpadError, type Source } from "../../src/internal.ts";
import { sniffSeparator } from "./sniff-csv.ts";
import type { DataFile } from "./types.ts";

/** What a file is by its ending, also when it is compressed; anything else is CSV. */
const types: readonly (readonly [RegExp, string])[] = [
  [/\.(jsonl|ndjson)(\.\w+)?$/i, "jsonl"],
  [/\.json(\.\w+)?$/i, "json"],
  [/\.parquet$/i, "parquet"],
  [/\.xlsx$/i, "excel"],
];

/**
 * Reads a data file.
 *
 * @param host What the runtime can do.
 * @param path The path of the file, relative to the working folder.
 *
 * @returns Its rows, and how a configuration says what it is.
 *
 * @throws DATA_UNAVAILABLE for a file that cannot be read; DATA_INVALID for one without rows, or without two columns.
 */
export async function readDataFile(host: Host, path: string): Promise<DataFile> {
  const url = pathToFileURL(path);
  const shown = fileURLToPath(url);
  const named = types.find(([ending]) => ending.test(shown))?.[1];
  const { type, options } = named ? { type: named, options: {} } : await sniff(host, url);
  const frame = await withSource(host, { type, path: url.href, options }, (source) => source.frame());
  if (frame.length === 0)
    throw new LaunchpadError("DATA_INVALID", `${shown}: no row found, expected some to learn from`);
  if (frame.names.length < 2) {
    const found = `one column, ${JSON.stringify(frame.names[0] ?? "")}`;
    const advice =
      "one to predict and others to predict it from. Are cells separated by commas, semicolons, tabs or bars?";
    throw new LaunchpadError("DATA_INVALID", `${shown}: found ${found}, expected ${advice}`);
  }
  return { url, type, options, frame };
}

/** Looks at the beginning of a CSV file. */
function sniff(host: Host, url: URL) {
  return withSource(host, { type: "csv", path: url.href }, async (source) => {
    const reader = (await source.stream()).getReader();
    const { value = new Uint8Array() } = await reader.read();
    await reader.cancel();
    return sniffSeparator(new TextDecoder().decode(value.subarray(0, 64 * 1024)));
  });
}

async function withSource<T>(host: Host, entry: object, use: (source: Source) => Promise<T>): Promise<T> {
  const config = defineConfig(
    {
      datasources: { data: entry },
      model_store: { location: "memory:" },
      model: { name: "model", version: "0.1.0", module: "model" },
    },
    { name: "--data" },
  );
  const data = createData({ config, host });
  try {
    return await use(data.access("train").source("data"));
  } finally {
    await data.close();
  }
}
