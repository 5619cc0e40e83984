import { createPerformanceCounts, type PerformanceCounts } from "../performance.ts";
import { type Cells, cellsOf } from "../profile/cells.ts";
import { readerOf } from "../profile/outputs.ts";
import type { Profile } from "../profile/types.ts";

/** Predictions, counted into the cells of a profile: plain JSON. */
export interface Counted {
  readonly rows: number;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  readonly probabilities?: readonly number[];
}

/** Counts of predictions. */
export interface DriftCounter {
  readonly rows: number;
  /** Adds one prediction: its arguments, and what it was as JSON, if there is one. */
  add(args: Readonly<Record<string, unknown>>, prediction?: unknown): void;
  /** What was counted since. */
  contents(): Counted;
}

interface Field {
  readonly name: string;
  readonly cells: Cells;
  readonly counts: Float64Array;
}

/**
 * Creates counts of nothing in the cells of a profile.
 *
 * @param profile The profile of the training.
 *
 * @returns Counts to add predictions to.
 */
export function createDriftCounter(profile: Profile): DriftCounter {
  const fieldsOf = (of: Profile["inputs"]): Field[] =>
    Object.entries(of).map(([name, field]) => {
      const cells = cellsOf(field);
      return { name, cells, counts: new Float64Array(cells.length) };
    });
  const inputs = fieldsOf(profile.inputs);
  const outputs = fieldsOf(profile.outputs).map((field) => ({ ...field, read: readerOf(field.name) }));
  const readProbabilities = profile.probabilities?.outputs.map(readerOf) ?? [];
  const promised: PerformanceCounts | undefined =
    profile.probabilities && createPerformanceCounts(readProbabilities.length);
  const probabilities = new Float64Array(readProbabilities.length);
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    add(args, prediction) {
      rows += 1;
      for (const { name, cells, counts } of inputs) count(counts, cells.of(args[name]));
      if (prediction === undefined) return;
      for (const { read, cells, counts } of outputs) count(counts, cells.of(read(prediction)));
      if (promised === undefined) return;
      for (const [index, read] of readProbabilities.entries()) probabilities[index] = read(prediction) as number;
      promised.add(probabilities);
    },
    contents: () => ({
      rows,
      inputs: plain(inputs),
      outputs: plain(outputs),
      ...(promised && { probabilities: promised.contents() }),
    }),
  };
}

function count(counts: Float64Array, cell: number): void {
  counts[cell] = (counts[cell] as number) + 1;
}

function plain(fields: readonly Field[]): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(fields.map(({ name, counts }) => [name, Array.from(counts)]));
}

/**
 * Adds counts in the cells of one profile.
 *
 * @param parts What several processes counted, or several windows.
 *
 * @returns All of it together.
 */
export function mergeCounted(parts: readonly Counted[]): Counted {
  const [first, ...rest] = parts;
  if (first === undefined) return { rows: 0, inputs: {}, outputs: {} };
  return rest.reduce<Counted>((sum, part) => {
    const probabilities = added(sum.probabilities, part.probabilities);
    return {
      rows: sum.rows + part.rows,
      inputs: addedByName(sum.inputs, part.inputs),
      outputs: addedByName(sum.outputs, part.outputs),
      ...(probabilities && { probabilities }),
    };
  }, first);
}

type ByName = Counted["inputs"];

function addedByName(a: ByName, b: ByName): ByName {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(names.map((name) => [name, added(a[name], b[name]) ?? []]));
}

function added(a: readonly number[] | undefined, b: readonly number[] | undefined): readonly number[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.map((value, index) => value + (b[index] ?? 0));
}
