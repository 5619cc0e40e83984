import type { Config } from "../../config/types.ts";
import { LaunchpadError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { type ProductionMetrics, productionMetrics } from "../../monitoring/log/production.ts";
import type { Json } from "../../util/json.ts";
import { familyText, type Sample } from "../metrics/text.ts";
import { type Feedback, mergeProduction, type ProductionWindow, type RecentPredictions } from "./recent.ts";

/** What came true of the predictions of one window. */
export interface ProductionState {
  readonly window_seconds: number;
  /** The oldest first. */
  readonly windows: readonly {
    readonly version: string;
    readonly run: string;
    /** ISO 8601, UTC: when the window began in which the predictions were made. */
    readonly start: string;
    readonly metrics: ProductionMetrics;
  }[];
}

/** Takes what came true. */
export interface FeedbackDesk {
  /**
   * Takes one or many, from the body of a request.
   *
   * @returns How many were taken, and how many of these are predictions that are still remembered.
   *
   * @throws ARGUMENTS_INVALID.
   */
  take(body: unknown, waitUntil: (task: Promise<unknown>) => void): Promise<{ accepted: number; joined: number }>;
  state(): Promise<ProductionState>;
  metrics(labels?: Readonly<Record<string, string>>): Promise<string>;
}

/** What processes ask each other: whether they made these predictions. */
interface Question {
  readonly question: string;
  readonly rows: readonly Feedback[];
}

/** What a process answers. */
interface Part {
  readonly windows: readonly ProductionWindow[];
  readonly question: string;
  readonly joined: number;
}

const maxAtOnce = 10_000;
const maxIdLength = 64;
const expected = 'expected { "id": "<x-prediction-id>", "actual": <what came true> }, or a list of these';

/**
 * Intake of what came true: it is kept in the log, and joined to what was predicted, whichever process did.
 *
 * @param options The configuration, what the runtime can do, the predictions of this process, and what keeps feedback.
 *
 * @returns The desk.
 */
export function createFeedback(options: {
  readonly config: Config;
  readonly host: Pick<Host, "peers">;
  readonly recent: RecentPredictions;
  keep(rows: readonly Feedback[], waitUntil: (task: Promise<unknown>) => void): void;
}): FeedbackDesk {
  const { config, host, recent, keep } = options;
  const { name } = config.model;
  const window = config.drift?.window ?? 3600;
  const others = host.peers?.gather?.(`feedback ${name}`, (asked) => {
    const { question = "", rows = [] } = (asked ?? {}) as unknown as Partial<Question>;
    const joined = rows.length - recent.join(rows).length;
    return { windows: recent.contents(), question, joined } satisfies Part as unknown as Json;
  });
  const parts = async (question?: Question) =>
    ((await others?.(question as unknown as Json)) ?? []) as unknown as readonly Part[];
  const windows = async () =>
    others ? mergeProduction((await parts()).map((part) => part.windows)) : recent.contents();
  const state = async (): Promise<ProductionState> => ({
    window_seconds: window,
    windows: (await windows()).map(({ version, run, start, counts }) => ({
      version,
      run,
      start: new Date(start).toISOString(),
      metrics: productionMetrics(counts),
    })),
  });

  return {
    async take(body, waitUntil) {
      const rows = rowsOf(body);
      const unknown = new Set(recent.join(rows));
      let joined = rows.length - unknown.size;
      if (others && unknown.size > 0) {
        const question = { question: crypto.randomUUID(), rows: rows.filter(({ id }) => unknown.has(id)) };
        // A process that has ended answers with what it said last.
        for (const part of await parts(question)) if (part.question === question.question) joined += part.joined;
      }
      keep(rows, waitUntil);
      return { accepted: rows.length, joined };
    },
    state,
    async metrics(labels = {}) {
      const { windows: all } = await state();
      const newest = new Map(all.map((one) => [`${one.version}/${one.run}`, one]));
      const samples = [...newest.values()].flatMap(({ version, run, metrics }) =>
        Object.entries(metrics).flatMap(([metric, value]): Sample[] =>
          value === null ? [] : [["launchpad_production_metric", { version, run, metric }, value]],
        ),
      );
      const help = "Metrics of predictions of which it is known what came true, of the last window that has any.";
      return familyText("launchpad_production_metric", "gauge", help, samples, labels);
    },
  };
}

function rowsOf(body: unknown): readonly Feedback[] {
  const rows = Array.isArray(body) ? body : [body];
  if (rows.length > maxAtOnce) {
    throw invalid(`found ${rows.length} of them, expected ${maxAtOnce} at most. Send them in several requests`);
  }
  return rows.map((row, index) => {
    const { id, actual } = (typeof row === "object" && row !== null ? row : {}) as Partial<Feedback>;
    const at = Array.isArray(body) ? `item ${index}: ` : "";
    if (typeof id !== "string" || id === "" || id.length > maxIdLength) throw invalid(`${at}found no id, ${expected}`);
    if (actual === undefined) throw invalid(`${at}found no actual, ${expected}`);
    return { id, actual };
  });
}

function invalid(message: string): LaunchpadError {
  return new LaunchpadError("ARGUMENTS_INVALID", `The feedback is not valid: ${message}`);
}
