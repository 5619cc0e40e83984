import { whereIs } from "../../config/source-map.ts";
import type { Config } from "../../config/types.ts";
import type { LogConfig } from "../../config/watch/watch-types.ts";
import { toPlain } from "../../data/to-json.ts";
import { LaunchpadError, messageOf } from "../../errors.ts";
import type { Context } from "../../lifecycle/context.ts";
import { createLogQueue } from "../../monitoring/log/queue.ts";
import { createLogText, type LogRow } from "../../monitoring/log/record.ts";
import { errorCode } from "../log-error.ts";
import { familyText } from "../metrics/text.ts";
import type { PredictOptions } from "../request-context.ts";
import { createFeedback, type FeedbackDesk } from "./feedback.ts";
import type { Observer } from "./observe.ts";
import { createRecentPredictions } from "./recent.ts";

/** Keeps predictions, and what came true. */
export interface PredictionLog {
  readonly observe: Observer;
  /** Names a prediction that will be logged; undefined for one that will not. The rows of a request have one name together. */
  identify(request: PredictOptions, ofRows?: boolean): string | undefined;
  readonly feedback: FeedbackDesk;
  metrics(labels?: Readonly<Record<string, string>>): Promise<string>;
  /** Writes what waits. */
  close(): Promise<void>;
}

/** So long a row waits for others at most, in milliseconds. */
const intervalMs = 1000;
/** Old rows are removed so often, in milliseconds. */
const pruneEveryMs = 3_600_000;
/** After a failure, so much later, twice as long each time. */
const maxPauseMs = 60_000;

/**
 * Creates the log of predictions: rows go to a data sink in batches, when nobody waits for them.
 *
 * @param settings The section `api.log`.
 * @param context The lifecycle.
 *
 * @returns The log.
 *
 * @throws CONFIG_INVALID when there is no such sink, or it would keep the last batch alone.
 */
export function createPredictionLog(settings: LogConfig, context: Context): PredictionLog {
  const { config, host, data } = context;
  checkSink(config, settings);
  const log = host.log.child("api");
  const sink = data.access("predict").sink(settings.sink);
  const isLines = config.datasinks[settings.sink]?.type === "jsonl";
  const { name: model } = config.model;
  const inputText = createLogText({ columns: settings.columns, redact: settings.redact });
  const predictionText = createLogText({ redact: settings.redact });
  const recent = createRecentPredictions((config.drift?.window ?? 3600) * 1000, settings.target);

  const { retention_days: days } = settings;
  let prunedAt = Number.NEGATIVE_INFINITY;
  /** One process does it for all. */
  const prune = async (): Promise<void> => {
    const now = host.now();
    if (days === undefined || now - prunedAt < pruneEveryMs) return;
    prunedAt = now;
    const hour = Math.floor(now / pruneEveryMs);
    if (host.peers?.claim && !(await host.peers.claim(`log ${model} ${hour}`))) return;
    try {
      await sink.removeBefore("time", new Date(now - days * 86_400_000).toISOString());
    } catch (error) {
      log.error(`old predictions cannot be removed (api.log.retention_days): ${messageOf(error)}`, { error });
    }
  };

  let failures = 0;
  let pausedUntil = 0;
  const queue = createLogQueue<LogRow>(
    async (rows) => {
      // Lines need no frame.
      if (isLines) await sink.writeRaw(`${rows.map((row) => JSON.stringify(row)).join("\n")}\n`);
      else await sink.write(rows);
      await prune();
      if (failures > 0) log.info("predictions can be logged again");
      failures = 0;
    },
    (error) => {
      // The same reason comes back: it is logged once.
      if (failures === 0) log.error(`predictions cannot be logged (api.log): ${messageOf(error)}`, { error });
      failures += 1;
      pausedUntil = host.now() + Math.min(maxPauseMs, intervalMs * 2 ** failures);
    },
  );
  let waitingSince: number | undefined;
  const flushSoon = (waitUntil: (task: Promise<unknown>) => void) => {
    const now = host.now();
    if (now < pausedUntil) return;
    if (queue.isFull) return waitUntil(queue.flush());
    // A runtime may have ended the one that waits, without a word.
    if (waitingSince !== undefined && Math.abs(now - waitingSince) < 2 * intervalMs) return;
    waitingSince = now;
    waitUntil(
      new Promise((resolve) => setTimeout(resolve, intervalMs)).then(() => {
        waitingSince = undefined;
        return queue.flush();
      }),
    );
  };

  // Not before a request is there: Workers have no random numbers until then.
  let instance = "";
  let made = 0;
  const nextId = () => {
    instance ||= crypto.randomUUID().slice(0, 13).replace("-", "");
    made += 1;
    return `${instance}-${made.toString(36)}`;
  };
  let lastTime = 0;
  let lastText = "";
  /** Many predictions are of one millisecond. */
  const textOf = (time: number) => {
    if (time !== lastTime) lastText = new Date(time).toISOString();
    lastTime = time;
    return lastText;
  };
  const add = (row: LogRow) => queue.add(row, row.inputs.length + row.prediction.length + row.actual.length + 200);

  const isChosen = () => settings.sample >= 1 || Math.random() < settings.sample;

  return {
    identify(request, ofRows = false) {
      if (ofRows && request.predictionId !== undefined) return request.predictionId;
      if (!ofRows && !isChosen()) return undefined;
      const id = nextId();
      request.identifiedBy?.(id);
      return id;
    },
    observe({ loaded, args, prediction, error, ms, request, variant, row, id }) {
      if (id === undefined || (row !== undefined && !isChosen())) return;
      const ownId = row === undefined ? id : `${id}.${row}`;
      const time = host.now();
      const { version = config.model.version, run = "" } = loaded.meta ?? {};
      try {
        const plain = error === undefined ? toPlain(prediction) : undefined;
        add({
          time: textOf(time),
          kind: "prediction",
          id: ownId,
          model,
          version,
          run,
          variant: variant ?? "",
          caller: request.caller ?? "",
          ms: Math.round(ms * 1000) / 1000,
          inputs: inputText(args),
          prediction: error === undefined ? predictionText(plain) : "",
          error: error === undefined ? "" : errorCode(error),
          actual: "",
        });
        if (error === undefined) recent.add(ownId, { version, run, time, prediction: plain });
      } catch {
        // What JSON cannot hold is told to whoever asked.
        return;
      }
      flushSoon((task) => request.waitUntil(task));
    },
    feedback: createFeedback({
      config,
      host,
      recent,
      keep(rows, waitUntil) {
        const time = new Date(host.now()).toISOString();
        for (const { id, actual } of rows) {
          const empty = { model, version: "", run: "", variant: "", caller: "", ms: 0, inputs: "", prediction: "" };
          add({ time, kind: "feedback", id, ...empty, error: "", actual: predictionText(actual) });
        }
        flushSoon(waitUntil);
      },
    }),
    async metrics(labels = {}) {
      const numbers = { written: queue.written, dropped: queue.dropped };
      return [
        familyText(
          "launchpad_log_rows_total",
          "counter",
          "Rows of the prediction log, of this process.",
          Object.entries(numbers).map(([state, value]) => ["launchpad_log_rows_total", { state }, value]),
          labels,
        ),
        familyText(
          "launchpad_log_rows_waiting",
          "gauge",
          "Rows that wait to be written, of this process.",
          [["launchpad_log_rows_waiting", {}, queue.waiting]],
          labels,
        ),
      ].join("");
    },
    close: () => queue.flush(),
  };
}

/** A sink that is written to batch by batch must add to what is there. */
function checkSink(config: Config, { sink: name, retention_days: days }: LogConfig): void {
  const where = `${whereIs(config, ["api", "log", "sink"])}: api.log.sink`;
  const entry = Object.hasOwn(config.datasinks, name) ? config.datasinks[name] : undefined;
  if (entry === undefined) {
    const there = Object.keys(config.datasinks).join(", ") || "none";
    throw new LaunchpadError("CONFIG_INVALID", `${where}: found ${name}, expected a name below datasinks: ${there}`);
  }
  if (days !== undefined && ["jsonl", "csv"].includes(entry.type)) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${whereIs(config, ["api", "log", "retention_days"])}: api.log.retention_days: found a sink of type ${entry.type}, from ` +
        "which no rows can be removed: expected a table (dbms.NAME). Or leave the key out, and rotate the files",
    );
  }
  const advice =
    entry.type === "jsonl" || entry.type === "csv"
      ? entry.options?.mode !== "a" && "options: { mode: a }"
      : entry.type.startsWith("dbms.")
        ? entry.options?.if_exists !== "append" && "options: { if_exists: append }"
        : entry.type === "parquet" && "a sink of type jsonl, csv or dbms.NAME";
  if (!advice) return;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${whereIs(config, ["datasinks", name])}: the prediction log is written batch by batch (api.log), and ${name} would ` +
      `keep the last one alone: expected ${advice}`,
  );
}
