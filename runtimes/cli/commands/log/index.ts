import type { Command } from "commander";
import {
  addOutcome,
  LaunchpadError,
  noOutcomes,
  outcomeOf,
  outputsOf,
  type ProductionCounts,
  parseDuration,
  productionMetrics,
} from "../../../../src/internal.ts";
import { writeOutput } from "../../../process/capture-prints.ts";
import type { CliCommand } from "../../command.ts";
import { print } from "../../streams.ts";
import { table } from "../../table.ts";
import { type LoggedPrediction, type LogRange, readLog } from "./read-log.ts";

const withRange = (command: Command) =>
  command
    .option("--from <source>", "the data source of the log; that of the name of the sink unless told")
    .option("--since <time>", "only predictions from then on, such as 2026-11-28")
    .option("--until <time>", "only predictions before");

const rangeOf = (options: Readonly<Record<string, unknown>>): LogRange => ({
  from: options.from as string | undefined,
  since: options.since as string | undefined,
  until: options.until as string | undefined,
});

/** `launchpad log export` */
const exportLog: CliCommand = {
  name: "export",
  configure: (command) =>
    withRange(command.description("print logged predictions as JSON Lines, with what came true of them")).option(
      "--flat",
      "one level of keys, such as inputs.size: a table to train from",
    ),
  async run(session, _, options) {
    for await (const one of readLog(session, rangeOf(options))) {
      const { inputs, prediction, actual, ...rest } = one;
      const line = options.flat ? flattened(one) : { ...rest, inputs, prediction, actual };
      if (!writeOutput(`${JSON.stringify(line)}\n`)) await drained();
    }
  },
};

function flattened({ inputs, prediction, actual, ...rest }: LoggedPrediction): object {
  const named = (value: unknown, prefix: string) =>
    Object.fromEntries(
      Object.entries(value === undefined ? {} : outputsOf(value)).map(([name, inner]) => [
        typeof value === "object" && value !== null ? `${prefix}.${name}` : prefix,
        inner,
      ]),
    );
  return { ...rest, ...named(inputs, "inputs"), ...named(prediction, "prediction"), ...named(actual, "actual") };
}

/** A pipe takes no more for now. */
const drained = () => new Promise<void>((resolve) => setImmediate(resolve));

/** `launchpad log metrics` */
const metrics: CliCommand = {
  name: "metrics",
  configure: (command) =>
    withRange(command.description("print metrics of logged predictions of which it is known what came true"))
      .option("--window <time>", "the length of a window: 1h, 1d, 7d", "1d")
      .option("--target <path>", "the path of the value of predictions that comes true")
      .option("--json", "print JSON on a terminal, too"),
  async run(session, _, options) {
    const seconds = parseDuration(options.window);
    if (seconds === undefined || seconds <= 0) {
      throw new LaunchpadError("USAGE", `--window: found ${options.window}, expected a time such as 1h, 1d or 7d`);
    }
    const { config } = await session.data();
    const target = (options.target as string | undefined) ?? config.api?.log?.target;
    const windows = new Map<string, { version: string; run: string; start: number; counts: ProductionCounts }>();
    for await (const { time, version, run, prediction, actual } of readLog(session, rangeOf(options))) {
      const outcome = actual === undefined ? undefined : outcomeOf(prediction, actual, target);
      if (outcome === undefined) continue;
      const start = Math.floor(Date.parse(time) / (seconds * 1000)) * seconds * 1000;
      const key = `${start} ${version}/${run}`;
      const window = windows.get(key) ?? { version, run, start, counts: noOutcomes };
      windows.set(key, { ...window, counts: addOutcome(window.counts, outcome) });
    }
    const store = await session.store();
    const tested = new Map<string, unknown>();
    for (const { meta } of await store.runs(config.model.name)) tested.set(`${meta.version}/${meta.run}`, meta.metrics);
    const found = [...windows.values()]
      .sort((a, b) => a.start - b.start)
      .map(({ version, run, start, counts }) => ({
        start: new Date(start).toISOString(),
        version,
        run,
        metrics: productionMetrics(counts),
        test: tested.get(`${version}/${run}`) ?? null,
      }));
    print(found, options.json === true, () =>
      table(
        ["window", "version", "run", "n", "accuracy", "f1", "mae", "rmse", "r2"],
        found.map(({ start, version, run, metrics: { n, accuracy, f1, mae, rmse, r2 } }) => [
          start,
          version,
          run,
          n,
          ...[accuracy, f1, mae, rmse, r2].map((value) => (value === null ? undefined : Number(value.toPrecision(4)))),
        ]),
      ),
    );
  },
};

/** `launchpad log` */
export const log: CliCommand = {
  name: "log",
  configure: (command) => command.description("read the log of predictions (api.log)"),
  async run() {
    throw new LaunchpadError("USAGE", "log: expected export or metrics. See launchpad log --help");
  },
  commands: [exportLog, metrics],
};
