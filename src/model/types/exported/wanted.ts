import type { FileContents } from "../file/contents.ts";
import type { Wanted, WantedColumn } from "../file/proof.ts";

/** What a library predicted, as its process tells it. */
export interface LibraryPredictions {
  /** Labels or numbers. */
  readonly predicted?: ArrayLike<unknown>;
  /** A list for each row, or one number for each: that of the second of two classes. */
  readonly probabilities?: ArrayLike<unknown>;
  /** What a booster answers: numbers, or probabilities where it classifies. */
  readonly raw?: ArrayLike<unknown>;
}

/**
 * Predictions of a library in the form in which a file is compared with them.
 *
 * @param predictions What the library predicted.
 * @param contents The model that was read from its file.
 *
 * @returns Labels, and numbers by class or output.
 */
export function wantedOf({ predicted, probabilities, raw }: LibraryPredictions, contents: FileContents): Wanted {
  const { labels, model } = contents;
  if (labels === undefined) {
    return {
      numbers: columnsOf(predicted ?? raw ?? [], model.outputs.length || 1, (at) => model.outputs[at] ?? "prediction"),
    };
  }
  const chances = probabilities ?? raw;
  return {
    ...(predicted && { labels: { name: "the label", values: predicted } }),
    numbers:
      chances && model.hasProbabilities
        ? columnsOf(chances, labels.length, (at) => `the probability of ${JSON.stringify(labels[at])}`)
        : [],
  };
}

function columnsOf(
  rows: ArrayLike<unknown>,
  width: number,
  name: (index: number) => string,
): (WantedColumn | undefined)[] {
  const isNested = typeof rows[0] === "object" && rows[0] !== null;
  if (!isNested && width === 2) {
    return [
      { name: name(0), values: Array.from(rows, (value) => 1 - Number(value)) },
      { name: name(1), values: rows },
    ];
  }
  return Array.from({ length: width }, (_, at) => ({
    name: name(at),
    values: isNested ? Array.from(rows, (row) => (row as ArrayLike<unknown>)[at]) : rows,
  }));
}
