import type { ObserveReading } from "../../data/access/record-lineage.ts";
import { createFrame, isFrame } from "../../data/frame/frame.ts";
import { toPlain } from "../../data/to-json.ts";
import type { Cell, Frame, Row } from "../../data/types.ts";
import { messageOf } from "../../errors.ts";
import type { Args, TrainContext } from "../../model/define.ts";
import { buildProfile, type ProfileRows } from "../../monitoring/profile/build.ts";
import { createRowSample, type RowSample } from "../../monitoring/profile/row-sample.ts";
import type { Profile } from "../../monitoring/profile/types.ts";
import type { Context, ContractInput, Loaded } from "../context.ts";
import { predictRows } from "../predict-rows.ts";

/** So many rows of each source are kept while a model is trained. */
const maxRows = 5000;
/** So many of them are predicted, in steps, and for so long. */
const maxPredictions = 1000;
const predictionsAtOnce = 100;
const maxPredictingMs = 5000;

/** What finds out what a model is made from. */
export interface Profiler {
  /** Looks on while sources are read. Undefined where nothing is kept. */
  readonly observe: ObserveReading | undefined;
  /** Takes what the model says that it learns from. */
  readonly add: TrainContext["profile"];
  /** Creates the profile; undefined where there is nothing to say. Never fails. */
  profile(loaded: Loaded): Promise<Profile | undefined>;
}

/** The rows of one source that one action has read. */
interface Group {
  readonly source: string;
  readonly action: string;
  readonly sample: RowSample;
}

/**
 * Profiler of the distributions that a model learned from: inputs are the columns, of what is read, that have the
 * names of arguments. Predictions are made of rows that the test has read, else of those of the training.
 *
 * @param context The lifecycle.
 * @param declared The inputs, as the API has them; those that the configuration names besides.
 *
 * @returns The profiler.
 */
export function createProfiler(context: Context, declared: readonly ContractInput[]): Profiler {
  const { drift } = context.config;
  const named = (drift?.inputs ?? []).map((name) => ({ name, required: false, isText: false }));
  const inputs = [...declared, ...named.filter(({ name }) => declared.every((one) => one.name !== name))];
  const names = inputs.map(({ name }) => name);
  const groups = new Map<string, Group>();
  const readings = new Set<string>();
  const said = createRowSample(maxRows, names);

  const groupOf = (source: string, action: string): Group => {
    const key = JSON.stringify([source, action]);
    const group = groups.get(key) ?? { source, action, sample: createRowSample(maxRows, names) };
    groups.set(key, group);
    return group;
  };
  /** The best first: whichever holds most of the inputs, and then most rows. */
  const ranked = (action: string): ProfileRows[] =>
    [...groups.values()]
      .filter((group) => group.action === action && group.sample.rows.length > 0)
      .map(({ source, sample }) => ({ source, rows: sample.rows, seen: sample.seen }))
      .sort((a, b) => columnsOf(b) - columnsOf(a) || b.seen - a.seen);

  const predictions = async (loaded: Loaded, rows: readonly Row[]): Promise<unknown[]> => {
    const found: unknown[] = [];
    const { now } = context.host;
    const until = now() + maxPredictingMs;
    // Evenly from all: a file may be sorted.
    const step = Math.max(1, rows.length / maxPredictions);
    const args = Array.from({ length: Math.min(rows.length, maxPredictions) }, (_, at) =>
      argsOf(rows[Math.floor(at * step)] ?? {}, inputs, context.model.input === undefined),
    );
    for (let from = 0; from < args.length && now() < until; from += predictionsAtOnce) {
      const some = args.slice(from, from + predictionsAtOnce);
      const signal = AbortSignal.timeout(maxPredictingMs);
      const outcomes = await predictRows(context, loaded, some, { signal: () => signal, persist: false });
      for (const outcome of outcomes) if (!("error" in outcome)) found.push(toPlain(outcome.prediction));
      if (found.length === 0) break;
    }
    return found;
  };

  return {
    observe:
      names.length === 0 || drift?.profile === false
        ? undefined
        : ({ name, action, params }) => {
            // What is read once more, for another epoch, says nothing new.
            const key = JSON.stringify([name, action, toPlain(params)]);
            if (readings.has(key)) return undefined;
            readings.add(key);
            return (frame) => groupOf(name, action).sample.add(frame);
          },
    add(rows) {
      said.add(frameOf(rows, names));
    },
    async profile(loaded) {
      if (drift?.profile === false) return undefined;
      const own = said.rows.length > 0 ? [{ source: "profile()", rows: said.rows, seen: said.seen }] : [];
      const trained = ranked("train");
      const tested = ranked("test");
      const found = [...own, ...trained, ...tested];
      if (found.length === 0) return undefined;
      const whole = [...tested, ...own, ...trained].find(({ rows }) => isWhole(rows[0], inputs));
      let predicted: unknown[] = [];
      try {
        if (whole) {
          await context.data.prepare("predict");
          predicted = await predictions(loaded, whole.rows as readonly Row[]);
        }
      } catch (error) {
        context.host.log.child("lifecycle").debug(`the profile has no predictions: ${messageOf(error)}`, { error });
      }
      return buildProfile({ groups: found, inputs: names, predictions: predicted });
    },
  };
}

const columnsOf = ({ rows }: ProfileRows) => Object.keys(rows[0] ?? {}).length;

function isWhole(row: Readonly<Record<string, unknown>> | undefined, inputs: readonly ContractInput[]): boolean {
  return row !== undefined && inputs.every(({ name, required }) => !required || Object.hasOwn(row, name));
}

/** The arguments of a request for a row of data. */
function argsOf(row: Row, inputs: readonly ContractInput[], nulls: boolean): Args {
  const args: Args = {};
  for (const { name, isText } of inputs) {
    const value = row[name];
    const isThere = value !== null && value !== undefined && !Number.isNaN(value);
    if (isThere) args[name] = argumentOf(value, isText);
    else if (nulls) args[name] = null;
  }
  return args;
}

function argumentOf(value: Cell, isText: boolean): unknown {
  if (value instanceof Date) return value.toISOString();
  if (isText) return String(value);
  return typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Rows that code has made have the columns that its inputs are. */
function frameOf(rows: Parameters<TrainContext["profile"]>[0], names: readonly string[]): Frame {
  if (isFrame(rows)) return rows;
  const known = names.filter((name) => rows.some((row) => Object.hasOwn(row, name)));
  return createFrame(Object.fromEntries(known.map((name) => [name, rows.map((row) => cellOf(row[name]))])));
}

function cellOf(value: unknown): Cell {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return value;
  return typeof value === "string" || value instanceof Date ? value : null;
}
