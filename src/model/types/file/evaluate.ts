import type { Frame } from "../../../data/types.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { Metrics, ModelContext } from "../../define.ts";
import { evaluation } from "../../metrics/evaluation.ts";
import type { AnyFileModel, Predictions } from "../file-model.ts";
import { featureColumns } from "./columns.ts";
import type { FileContents } from "./contents.ts";
import { numberMetrics, rankingMetrics } from "./evaluate-numbers.ts";

/**
 * Metrics of a model on test data.
 *
 * @param contents The model.
 * @param run What the call reaches.
 * @param sources Names of the sources that hold test data.
 * @param quantiles Quantiles that the file says the predictions are.
 *
 * @returns Metrics that fit the task: of a classification, a regression; none where there is no target or no data.
 *
 * @throws COLUMN_UNKNOWN for a column that is missing; DATA_INVALID for a label that the model does not know.
 */
export async function evaluate(
  contents: FileContents<AnyFileModel>,
  run: Pick<ModelContext, "source" | "log">,
  sources: readonly string[],
  quantiles = contents.model.quantiles,
): Promise<Metrics> {
  const { model, options, names } = contents;
  if (sources.length === 0 || options.target === undefined) {
    run.log.warning(
      options.target === undefined
        ? "the model is not tested: model.target, the name of the column with the truth, is missing"
        : 'the model is not tested: no data source has the tag "test"',
    );
    return {};
  }
  const parts: { truth: ArrayLike<unknown>; frame: Frame; where: string }[] = [];
  for (const name of sources) {
    const frame = await run.source(name).frame();
    const where = `datasources.${name}`;
    if (!frame.names.includes(options.target)) {
      throw new LaunchpadError(
        "COLUMN_UNKNOWN",
        `${where}: expected a column "${options.target}" (model.target), found ${frame.names.slice(0, 20).join(", ")}.`,
      );
    }
    parts.push({ truth: frame.column(options.target) as ArrayLike<unknown>, frame, where });
  }
  const predicted: Predictions[] = [];
  for (const { frame, where } of parts) {
    predicted.push(await model.predictColumns(featureColumns(frame, model, names, options, where), frame.length));
  }
  const truth = parts.flatMap((part) => Array.from(part.truth));
  const { labels } = contents;
  if (labels === undefined) {
    const values = predicted.flatMap((part) => Array.from(part.values ?? []));
    if (truth.length === 0) return { rows: 0 };
    if (model.task === "ranking") {
      const groups = parts.flatMap((part) => groupsOf(part, options.group, run));
      return rankingMetrics(truth.map(Number), values, groups);
    }
    return numberMetrics(truth.map(Number), values, model.outputs.length || 1, options.quantiles ?? quantiles);
  }
  if (truth.length === 0 || labels.length < 2) return { rows: truth.length };
  const positions = new Map(labels.map((label, index) => [String(label), index]));
  const first = parts[0]?.where ?? "";
  const name = (position: number) => String(labels[position]);
  const metrics = evaluation({
    // Names of classes may be of several kinds: 0, 1 and "other".
    classes: labels.map(String),
    labels: truth.map((label, row) => name(positionOf(positions, label, row, options.target ?? "", first))),
    predictions: predicted.flatMap((part) => Array.from(part.labels ?? [], name)),
    scores: model.hasProbabilities ? byRow(predicted, labels.length) : undefined,
  });
  return { ...metrics, classes: labels };
}

/** Queries of rows: those of other sources are others. */
function groupsOf(
  { frame, where }: { readonly frame: Frame; readonly where: string },
  group: string | undefined,
  { log }: Pick<ModelContext, "log">,
): string[] {
  if (group === undefined) {
    log.warning("the ranking is not measured: model.group, the name of the column with the query of a row, is missing");
    return [];
  }
  if (frame.names.includes(group)) {
    return Array.from(frame.column(group) as ArrayLike<unknown>, (query) => `${where} ${String(query)}`);
  }
  throw new LaunchpadError(
    "COLUMN_UNKNOWN",
    `${where}: expected a column "${group}" (model.group), found ${frame.names.slice(0, 20).join(", ")}.`,
  );
}

function byRow(predicted: readonly Predictions[], classes: number): Float64Array[] {
  return predicted.flatMap(({ probabilities = new Float64Array() }) =>
    Array.from({ length: probabilities.length / classes }, (_, row) =>
      probabilities.subarray(row * classes, (row + 1) * classes),
    ),
  );
}

/** Files write 1 as 1.0 and true as True. */
function positionOf(
  positions: ReadonlyMap<string, number>,
  label: unknown,
  row: number,
  target: string,
  where: string,
) {
  const text = typeof label === "boolean" && !positions.has(String(label)) ? String(Number(label)) : String(label);
  const found = positions.get(text);
  if (found !== undefined) return found;
  throw new LaunchpadError(
    "DATA_INVALID",
    `${where}: column "${target}" row ${row + 1}: expected one of the model's classes ${[...positions.keys()].join(", ")}, ` +
      `found ${JSON.stringify(text)}. model.classes gives them other names.`,
  );
}
