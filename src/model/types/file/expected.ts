import { baseOf, whereIs } from "../../../config/source-map.ts";
import type { Config } from "../../../config/types.ts";
import { createData } from "../../../data/access/create-data.ts";
import type { Frame } from "../../../data/types.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { Host } from "../../../host.ts";
import type { Sample } from "../../define.ts";
import type { Predictions } from "../file-model.ts";
import { answersOf } from "./answer.ts";
import { featureColumns } from "./columns.ts";
import type { FileContents } from "./contents.ts";

/** How many rows become samples. */
const sampleRows = 20;

/** Types of data by the ending of a file. */
const types: Readonly<Record<string, string>> = { csv: "csv", parquet: "parquet", jsonl: "jsonl", ndjson: "jsonl" };

/** What was found when predictions were compared with those of the library. */
export interface Proof {
  readonly rows: number;
  /** The largest deviation of a number, relative to the larger one. */
  readonly deviation: number;
  readonly samples: readonly Sample[];
}

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
export async function prove(contents: FileContents, expected: string, config: Config, host: Host): Promise<Proof> {
  const { model, names, options, labels, target } = contents;
  const where = `${whereIs(config, ["model", "expected"])}: model.expected`;
  const frame = await readFrame(expected, where, config, host);
  const columns = featureColumns(frame, model, names, options, where);
  const predictions = model.predictColumns(columns, frame.length);
  let deviation = 0;
  // The last of two probabilities is one minus the other: in float32, a small one has the error of the large one.
  const leastScale = labels && model.format === "onnx" ? 1 : 0;
  const compare = (row: number, name: string, wanted: unknown, found: number) => {
    const apart = distance(wanted === null ? Number.NaN : Number(wanted), found, leastScale);
    deviation = Math.max(deviation, apart);
    if (apart <= options.tolerance) return;
    throw differs(
      `${where} row ${row + 1}: expected ${name} ${wanted}, found ${found}, which is ${apart.toExponential(2)} apart`,
    );
  };
  const checks = [...labelChecks(), ...numberChecks()];
  if (checks.length === 0 || frame.length === 0) {
    throw new LaunchpadError(
      "COLUMN_UNKNOWN",
      `${where}: expected a column "${target}" or "prediction" with what the library predicted for at least one row, found ${frame.length} rows of ${frame.names.slice(0, 20).join(", ")}.`,
    );
  }
  for (let row = 0; row < frame.length; row++) for (const check of checks) check(row);
  return { rows: frame.length, deviation, samples: samplesOf(contents, frame, predictions, columns) };

  function labelChecks(): ((row: number) => void)[] {
    // The target may stand beside it: that is the truth.
    const name = ["prediction", target].find((one) => frame.names.includes(one));
    if (labels === undefined || name === undefined) return [];
    const column = frame.column(name);
    return [
      (row) => {
        const found = labels[predictions.labels?.[row] as number];
        const wanted = column[row];
        // A cell that is empty is no label, though JavaScript takes it for 0.
        if (wanted !== null && (String(found) === String(wanted) || Number(found) === Number(wanted))) return;
        throw differs(
          `${where} row ${row + 1}: expected ${name} ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`,
        );
      },
    ];
  }

  function numberChecks(): ((row: number) => void)[] {
    const numbers = labels ? predictions.probabilities : predictions.values;
    if (numbers === undefined) return [];
    const width = labels?.length ?? (model.outputs.length || 1);
    return Array.from({ length: width }, (_, index) => index).flatMap((index) => {
      const own = labels ? String(labels[index]) : (model.outputs[index] ?? "");
      const candidates = labels
        ? [`probability_${own}`, `probability.${own}`, `probabilities.${own}`, `proba_${own}`]
        : width === 1
          ? ["prediction", target]
          : [own, `prediction_${index}`, `${target}_${index}`];
      const name = candidates.find((one) => frame.names.includes(one));
      if (name === undefined) return [];
      const column = frame.column(name);
      return [(row: number) => compare(row, name, column[row], numbers[row * width + index] as number)];
    });
  }
}

function differs(message: string): LaunchpadError {
  return new LaunchpadError(
    "SAMPLES_DIFFER",
    `${message}. The model is not the one that predicted these, or was written by a version that is read otherwise: nothing is stored.`,
  );
}

function distance(wanted: number, found: number, leastScale: number): number {
  if (wanted === found || (Number.isNaN(wanted) && Number.isNaN(found))) return 0;
  const scale = Math.max(Math.abs(wanted), Math.abs(found), leastScale);
  const apart = Math.abs(wanted - found) / scale;
  return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
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

/** Rows from all over the file. */
function samplesOf(
  contents: FileContents,
  frame: Frame,
  predictions: Predictions,
  columns: readonly ArrayLike<unknown>[],
): Sample[] {
  const answers = answersOf(contents.model, predictions, contents.labels, contents.target);
  const step = Math.max(1, Math.floor(frame.length / sampleRows));
  const rows = Array.from({ length: Math.min(sampleRows, frame.length) }, (_, index) => index * step);
  return rows.map((row) => ({
    args: Object.fromEntries(contents.names.map((name, index) => [name, argument(columns[index]?.[row])])),
    prediction: answers[row],
  }));
}

function argument(value: unknown): unknown {
  return typeof value === "number" && Number.isNaN(value) ? null : value;
}
