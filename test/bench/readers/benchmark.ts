import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runtimes } from "../../runtimes/runtime.ts";
import { pythonEnvironment } from "../peers/environment.ts";
import type { Comparison, Context, Findings } from "../tool/benchmark.ts";
import { runProgram } from "../tool/programs.ts";
import { inTurns, pick } from "../tool/turns.ts";

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** What a process that measured a model prints. */
interface Measured {
  /** Microseconds for one row. */
  readonly one: number;
  /** Rows a second, all at once. */
  readonly batch: number;
  /** Milliseconds to load the file. */
  readonly load: number;
  /** Memory that loading took, in sizes of the file. */
  readonly memory: number;
  readonly sum: number;
}

const libraries = { xgboost: "ubj", lightgbm: "txt", catboost: "json" } as const;
const features = 30;

/** Trees of the two models: one to predict with, and one that is large. */
const sizesOf = ({ quick }: Context) =>
  quick
    ? ({ rows: 2000, trained: 2000, usual: [20, 6], large: [20, 8] } as const)
    : ({ rows: 100_000, trained: 20_000, usual: [500, 6], large: [150, 11] } as const);

async function writeRows(path: string, count: number): Promise<void> {
  let state = 11;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return (state / 2 ** 31) * 6 - 3;
  };
  const rows = Float64Array.from({ length: count * features }, () => Math.fround(next()));
  await writeFile(path, new Uint8Array(rows.buffer));
}

/**
 * Models of 500 trees of depth 6 by their readers, beside the library itself in Python with one thread: one row, many rows at once,
 * and the loading of a large file.
 */
export async function readers(context: Context): Promise<Findings> {
  const { python, reason } = await pythonEnvironment(context, "readers", "xgboost-cpu");
  if (python === undefined) return { missing: [{ what: "readers of model files beside their libraries", reason }] };
  const { rows, trained, usual, large } = sizesOf(context);
  const rowsPath = join(context.folder, "rows.f64");
  await writeRows(rowsPath, rows);
  const comparisons: Comparison[] = [];
  for (const [library, ending] of Object.entries(libraries)) {
    for (const [kind, [trees, depth]] of Object.entries({ usual, large })) {
      // Symmetric trees grow by a power of two with each level.
      const levels = library === "catboost" ? Math.min(depth, 10) : depth;
      const path = join(context.folder, `${library}-${kind}.${ending}`);
      context.say(`training ${trees} trees of ${library}`);
      await runProgram(context, [python, fileOf("train.py"), library, path, `${trees}`, `${levels}`, `${trained}`]);
      const theirs = [python, fileOf("measure.py"), library, path, rowsPath, `${features}`];
      const ours = [...(runtimes.Node ?? []), "--expose-gc", fileOf("measure.ts"), library, path, rowsPath];
      const measure = (command: readonly string[]) => async () =>
        JSON.parse(await runProgram(context, command)) as Measured;
      const found = await inTurns({ [library]: measure(theirs), Launchpad: measure(ours) }, context.quick ? 1 : 3, 0);
      check(library, found);
      const { size } = await stat(path);
      const subject = `${library}, ${trees} trees of depth ${levels}, ${(size / 1e6).toFixed(1)} MB`;
      const row = { subject, baseline: library };
      if (kind === "large") {
        comparisons.push(
          { ...row, measure: "loading", unit: "ms", rounds: pick(found, ({ load }) => load) },
          {
            ...row,
            measure: "memory of loading",
            unit: "sizes of the file",
            rounds: pick(found, ({ memory }) => memory),
          },
        );
      } else {
        comparisons.push(
          { ...row, measure: "one row", unit: "µs", rounds: pick(found, ({ one }) => one) },
          { ...row, measure: `${rows} rows`, unit: "rows/s", rounds: pick(found, ({ batch }) => batch) },
        );
      }
    }
  }
  return {
    comparisons,
    notes: [
      "Each measuring is a process of its own, on one thread; probabilities of both add up to the same.",
      "Loading is slower than the library's: files are checked node by node, thresholds ranked, and a process loads with code that is not compiled yet. Many rows of CatBoost are a tenth: its C++ compares 16 rows in one instruction, and JavaScript has none.",
    ],
  };
}

/** Whoever predicts something else is not compared. */
function check(library: string, found: Readonly<Record<string, readonly Measured[]>>): void {
  const sums = Object.values(found).flatMap((all) => all.map(({ sum }) => sum));
  const [first = Number.NaN] = sums;
  if (sums.every((sum) => Math.abs(sum - first) <= 1e-5 * Math.abs(first))) return;
  throw new Error(`${library}: expected predictions that add up to the same, found ${sums.join(", ")}`);
}
