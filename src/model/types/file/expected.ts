import { baseOf, whereIs } from "../../../config/source-map.ts";
import type { Config } from "../../../config/types.ts";
import { createData } from "../../../data/access/create-data.ts";
import type { Frame } from "../../../data/types.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { Host } from "../../../host.ts";
import type { AnyFileModel } from "../file-model.ts";
import { featureColumns } from "./columns.ts";
import type { FileContents } from "./contents.ts";
import { type Proof, proveRows, type WantedColumn } from "./proof.ts";

/** Types of data by the ending of a file. */
const types: Readonly<Record<string, string>> = { csv: "csv", parquet: "parquet", jsonl: "jsonl", ndjson: "jsonl" };

/**
 * Proof that a model predicts as the library that made it: every row of `model.expected` is predicted and compared.
 *
 * @param contents The model.
 * @param expected The path in the configuration.
 * @param config The configuration.
 * @param host What reads the file.
 *
 * @returns The largest deviation, and rows as samples.
 *
 * @throws SAMPLES_DIFFER naming the first row that deviates by more than `model.tolerance`, or has another label.
 */
export async function prove(
  contents: FileContents<AnyFileModel>,
  expected: string,
  config: Config,
  host: Host,
): Promise<Proof> {
  const { model, names, options, target } = contents;
  const where = `${whereIs(config, ["model", "expected"])}: model.expected`;
  const frame = await readFrame(expected, where, config, host);
  const columns = featureColumns(frame, model, names, options, where);
  const labels = labelColumn(contents, frame);
  const numbers = numberColumns(contents, frame);
  if ((labels === undefined && numbers.every((column) => column === undefined)) || frame.length === 0) {
    throw new LaunchpadError(
      "COLUMN_UNKNOWN",
      `${where}: expected a column "${target}" or "prediction" with what the library predicted for at least one row, found ${frame.length} rows of ${frame.names.slice(0, 20).join(", ")}.`,
    );
  }
  return proveRows(contents, columns, frame.length, { labels, numbers }, where);
}

function labelColumn({ labels, target }: FileContents<AnyFileModel>, frame: Frame): WantedColumn | undefined {
  // The target may stand beside it: that is the truth.
  return labels === undefined ? undefined : columnOf(frame, ["prediction", target]);
}

function numberColumns(
  { model, labels, target }: FileContents<AnyFileModel>,
  frame: Frame,
): (WantedColumn | undefined)[] {
  if (labels && !model.hasProbabilities) return [];
  const width = labels?.length ?? (model.outputs.length || 1);
  return Array.from({ length: width }, (_, index) => {
    const own = labels ? String(labels[index]) : (model.outputs[index] ?? "");
    if (labels) {
      return columnOf(frame, [`probability_${own}`, `probability.${own}`, `probabilities.${own}`, `proba_${own}`]);
    }
    return columnOf(frame, width === 1 ? ["prediction", target] : [own, `prediction_${index}`, `${target}_${index}`]);
  });
}

function columnOf(frame: Frame, candidates: readonly string[]): WantedColumn | undefined {
  const name = candidates.find((one) => frame.names.includes(one));
  return name === undefined ? undefined : { name, values: frame.column(name) as ArrayLike<unknown> };
}

async function readFrame(expected: string, where: string, config: Config, host: Host): Promise<Frame> {
  const path = new URL(expected, baseOf(config, ["model", "expected"]) ?? host.files?.cwd).href;
  const ending = /\.(\w+)(\.gz)?$/.exec(path)?.[1]?.toLowerCase() ?? "";
  const type = types[ending];
  if (type === undefined) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}: expected a file that ends in .csv, .parquet or .jsonl, found "${expected}".`,
    );
  }
  const only = { ...config, datasources: { expected: { type, path, tags: [] } }, datasinks: {} };
  const data = createData({ config: only as Config, host });
  try {
    return await data.access("train").source("expected").frame();
  } finally {
    await data.close();
  }
}
