import { whereIs } from "../../../config/source-map.ts";
import { createFrame } from "../../../data/frame/frame.ts";
import { LaunchpadError } from "../../../errors.ts";
import { type FrameHeader, packFrame, unpackFrame } from "../../host/columns.ts";
import type { Connection, Handler } from "../../host/connection.ts";
import { frameOfArgs } from "../../host/queue.ts";
import { packValue, unpackValue } from "../../host/value.ts";
import { featureColumns } from "../file/columns.ts";
import type { FileContents } from "../file/contents.ts";
import { prove } from "../file/expected.ts";
import { type Proof, proveRows, sampleRows } from "../file/proof.ts";
import type { ModelTypeContext } from "../model-type.ts";
import { compareAnswers } from "./compare-answers.ts";
import type { ReadRows } from "./recorded-rows.ts";
import { rowsForProof } from "./rows-for-proof.ts";
import { type LibraryPredictions, wantedOf } from "./wanted.ts";

/** Model in the process that trained it. */
export interface Trained {
  readonly child: Connection;
  /** Its number there. */
  readonly model: number;
  /** Names of the features by the library. */
  readonly names: readonly string[];
  /** Whether the module gave rows of its own. */
  readonly hasRows: boolean;
}

/**
 * Proof that the file of a model predicts as its library, and answers as its module: the rows that the training read, those
 * that the module gave, and those of `model.expected`.
 *
 * @param trained The model as the library has it.
 * @param contents The model as its file says it.
 * @param read Rows that the training read.
 * @param context The configuration.
 *
 * @returns How many rows, the largest deviation, and samples.
 *
 * @throws SAMPLES_DIFFER for the first row that is predicted otherwise; MODULE_INVALID where there are no rows.
 */
export async function proveExport(
  trained: Trained,
  contents: FileContents,
  read: readonly ReadRows[],
  { config, host }: Pick<ModelTypeContext, "config" | "host">,
): Promise<Proof> {
  const { child, model, names } = trained;
  const given = trained.hasRows ? [{ source: "", frame: await rowsOfModule(trained) }] : read;
  const rows = rowsForProof(given, contents, names);
  const proofs: Proof[] = [];
  // Labels of the configuration are none that the library knows.
  const library = { ...contents, labels: contents.told.classes ?? contents.model.classes };
  for (const { source, frame } of rows) {
    const buffers: Uint8Array[] = [];
    const { dtype } = (config.datasources[source]?.options ?? {}) as { dtype?: unknown };
    const header = { type: "prove", model, frame: packFrame(frame, buffers), dtypes: dtype ?? {} };
    const answer = await child.call(header, buffers);
    const value = unpackValue(answer.header.value, answer.header.tagged === true, answer.buffers);
    const where = source === "" ? "export(model, run)" : `datasources.${source}`;
    const columns = featureColumns(named(frame, contents), contents.model, contents.names, contents.options, where);
    proofs.push(await proveRows(library, columns, frame.length, wantedOf(value as LibraryPredictions, library), where));
  }
  const { expected } = contents.options;
  if (expected !== undefined) proofs.push(await prove(contents, expected, config, host));
  const [first] = proofs;
  if (first === undefined) throw nothingToProve(contents, config);
  const samples = withLabels(first.samples.slice(0, sampleRows), contents, library.labels);
  const answers = await answersOfModule(trained, samples);
  if (answers) compareAnswers(samples, answers, contents);
  return {
    rows: proofs.reduce((sum, proof) => sum + proof.rows, 0),
    deviation: Math.max(...proofs.map(({ deviation }) => deviation)),
    samples,
  };
}

/** Samples as the API answers them. */
function withLabels(
  samples: Proof["samples"],
  contents: FileContents,
  known: FileContents["labels"],
): Proof["samples"] {
  const { labels, target } = contents;
  if (labels === undefined || known === undefined || labels === known) return samples;
  const named = (label: unknown) => labels[known.findIndex((one) => String(one) === String(label))];
  return samples.map(({ args, prediction }) => {
    const { [target]: label, probabilities, ...rest } = prediction as Record<string, unknown>;
    const chances = Object.entries((probabilities ?? {}) as object).map(([one, value]) => [String(named(one)), value]);
    return {
      args,
      prediction: {
        [target]: named(label),
        ...(probabilities !== undefined && { probabilities: Object.fromEntries(chances) }),
        ...rest,
      },
    };
  });
}

/** The same rows under the names of the API. */
function named(frame: ReturnType<typeof createFrame>, { names }: FileContents) {
  const columns = frame.names.map((name, at) => [names[at] as string, frame.column(name)] as const);
  return createFrame(
    Object.fromEntries(columns),
    Object.fromEntries(frame.names.map((name, at) => [names[at] as string, frame.dtypes[name] ?? "str"])),
  );
}

async function rowsOfModule({ child, model }: Trained) {
  const { header, buffers } = await child.call({ type: "rows", model });
  return unpackFrame(header.frame as FrameHeader, buffers);
}

/** Undefined where the module predicts nothing by itself. */
async function answersOfModule(
  { child, model }: Trained,
  samples: Proof["samples"],
): Promise<readonly unknown[] | undefined> {
  const { functions } = child.hello;
  const read = ({ header, buffers }: Awaited<ReturnType<Connection["call"]>>) =>
    unpackValue(header.value, header.tagged === true, buffers);
  if (functions.includes("predict")) {
    const answers: unknown[] = [];
    for (const { args } of samples) {
      const buffers: Uint8Array[] = [];
      const { value, tagged } = packValue(args, buffers);
      answers.push(read(await child.call({ type: "predict", model, args: value, tagged }, buffers, refuseData)));
    }
    return answers;
  }
  if (!functions.includes("predict_batch")) return undefined;
  const buffers: Uint8Array[] = [];
  const frame = packFrame(frameOfArgs(samples.map(({ args }) => args)), buffers);
  const found = read(await child.call({ type: "predict_batch", model, frame }, buffers, refuseData));
  return typeof found === "object" && found !== null && "rows" in found
    ? [...(found as { rows(): Iterable<unknown> }).rows()]
    : Array.from(found as ArrayLike<unknown>);
}

/** A file reads and writes nothing. */
const refuseData: Handler = ({ header }) => {
  if (header.type !== "source" && header.type !== "sink") return undefined;
  throw new LaunchpadError(
    "MODULE_INVALID",
    `model.export: predict of the module uses the ${String(header.type)} ${String(header.name)}, expected one that computes its answer ` +
      "from the arguments alone: a file reads and writes nothing. Leave out model.export.",
  );
};

function nothingToProve({ names }: FileContents, config: ModelTypeContext["config"]): LaunchpadError {
  const columns =
    names.length > 12 ? `${names.slice(0, 12).join(", ")} and ${names.length - 12} more` : names.join(", ");
  return new LaunchpadError(
    "MODULE_INVALID",
    `${whereIs(config, ["model", "export"])}: model.export: expected rows to prove the file with: a source that train reads with the ` +
      `columns of the estimator (${columns}), found none. Give the module a function export(model, run) that returns (estimator, rows), ` +
      "rows as the estimator takes them, or name rows and predictions by model.expected.",
  );
}
