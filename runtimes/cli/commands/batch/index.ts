import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { InvalidArgumentError } from "commander";
import { LaunchpadError, typeOfPath } from "../../../../src/internal.ts";
import type { CliCommand } from "../../command.ts";
import { columnList, readParams, threadCount } from "../../scoring/options.ts";
import { doneParts, finishBatch, ownFiles, publishPart, removeLeftovers, rowsBetween } from "../../scoring/parts.ts";
import { type Plan, planDigest, readPlan, writePlan } from "../../scoring/plan.ts";
import { startPool } from "../../scoring/pool.ts";
import { openTable, rowsAtOnce, scoreTable, type TableOptions } from "../../scoring/score-table.ts";
import { printResult } from "../../streams.ts";

const formats = ["parquet", "csv", "jsonl", "json"];
const defaultPartRows = 1_000_000;

/** Variables in which engines tell a task its number. */
const indexVariables = ["JOB_COMPLETION_INDEX", "SLURM_ARRAY_TASK_ID", "AWS_BATCH_JOB_ARRAY_INDEX"] as const;

const wholeFrom = (least: number) => (text: string) => {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
  throw new InvalidArgumentError(`Expected a whole number from ${least}.`);
};

const plan: CliCommand = {
  name: "plan",
  configure: (command) =>
    command
      .description("split a table into parts for tasks on many machines, with the run that serves now; write the plan")
      .requiredOption("--from <source>", "a data source of the configuration, or a path or URL")
      .requiredOption("--to <folder>", "the folder for the results, which all tasks reach")
      .option("--from-format <type>", "the type of a source whose path does not tell it")
      .option("--to-format <type>", `the type of the results: ${formats.join(", ")} (default: that of the source)`)
      .option("--columns <names>", "columns of the source to write before the predictions: id,name", columnList)
      .option("--params <name=value...>", "parameters of the source")
      .option("--part-rows <rows>", `rows of a part (default: ${defaultPartRows})`, wholeFrom(1))
      .option("--skip-errors", "write rows without prediction into a file, instead of ending the part"),
  async run(session, _, options) {
    const [from, folder] = [String(options.from), resolve(String(options.to))];
    if (/^[a-z0-9]{2,}:/i.test(String(options.to))) {
      throw new LaunchpadError(
        "USAGE",
        `--to: expected a folder that all tasks reach, found ${options.to}. Mount the bucket, or copy the results afterwards`,
      );
    }
    const toFormat = String(options.toFormat ?? typeOfPath(from) ?? "parquet");
    if (!formats.includes(toFormat))
      throw new LaunchpadError("USAGE", `--to-format: expected one of ${formats.join(", ")}, found ${toFormat}`);
    const launchpad = await session.open();
    const batch = await launchpad.batch();
    const { meta } = batch;
    if (meta === undefined) throw new LaunchpadError("MODEL_NOT_TRAINED", "expected a model in the store, found none");
    const table = tableOf({
      from,
      from_format: (options.fromFormat as string | undefined) ?? null,
      columns: (options.columns ?? []) as string[],
      params: readParams(options.params as string[] | undefined),
    });
    const source = await openTable(batch, launchpad.config, table);
    let rows = 0;
    session.progress.start(`counting ${from}`);
    for await (const frame of source.batches({ size: rowsAtOnce, params: table.params })) rows += frame.length;
    session.progress.stop();
    const size = (options.partRows ?? defaultPartRows) as number;
    const count = Math.max(1, Math.ceil(rows / size));
    const written = await writePlan(folder, {
      format: "mllaunchpad-batch/1",
      created: new Date(session.host.now()).toISOString(),
      from,
      from_format: table.fromFormat ?? null,
      to_format: toFormat,
      columns: table.columns,
      params: table.params,
      skip_errors: options.skipErrors === true,
      model: { name: meta.name, version: meta.version, run: meta.run, sha256: meta.contents.sha256 },
      rows,
      parts: Array.from({ length: count }, (_, index) => ({
        index,
        start: index * size,
        end: Math.min(rows, (index + 1) * size),
      })),
    });
    printResult({ folder, parts: written.parts.length, rows, plan: planDigest(written) });
  },
};

const run: CliCommand = {
  name: "run",
  configure: (command) =>
    command
      .description("predict one part of a plan; it is published once, whoever is first")
      .argument("<folder>", "the folder of the plan")
      .option("--index <number>", `the part (default: ${indexVariables.join(", ")}, whichever is set)`, wholeFrom(0))
      .option("--workers <count>", "threads that predict, or auto for one a core (default: 1)", threadCount),
  async run(session, [given = ""], options) {
    const folder = resolve(given);
    const made = await readPlan(folder);
    const index = (options.index as number | undefined) ?? indexOfTask();
    const part = made.parts[index];
    if (part === undefined)
      throw new LaunchpadError("USAGE", `--index: expected a part from 0 to ${made.parts.length - 1}, found ${index}`);
    if ((await doneParts(folder, made))[index])
      return printResult({ index, published: false, reason: "it was done before" });
    const launchpad = await session.open();
    const { sha256, ...name } = made.model;
    const batch = await launchpad.batch(name);
    if (batch.meta?.contents.sha256 !== sha256) {
      throw new LaunchpadError(
        "STORE_CORRUPT",
        `${folder}: expected the model with the digest ${sha256} as planned, found ${batch.meta?.contents.sha256}`,
      );
    }
    await mkdir(join(folder, "_parts"), { recursive: true });
    const files = ownFiles(folder, index, made.to_format);
    const table: TableOptions = { ...tableOf(made), errors: made.skip_errors ? { file: files.bad } : "fail" };
    const source = await openTable(batch, launchpad.config, table);
    const sink = await batch.sink({ path: files.file, type: made.to_format }, "--to");
    const pool = await startPool(batch, (options.workers ?? 1) as number, {
      globals: session.globals,
      model: undefined,
    });
    try {
      const signal = new AbortController().signal;
      const cut = { ...source, batches: (request: object) => rowsBetween(source.batches(request), part, made.from) };
      const counts = await scoreTable(session, {
        batch,
        pool,
        source: cut,
        sink,
        options: table,
        signal,
        before: part.start,
      });
      const bad = made.skip_errors ? files.bad : undefined;
      const published = await publishPart(folder, made, { ...counts, index, file: files.file, bad });
      printResult({ index, published, ...counts });
    } finally {
      await pool.close();
    }
  },
};

const finish: CliCommand = {
  name: "finish",
  configure: (command) =>
    command
      .description("check that all parts are there, once and whole; name them and write _SUCCESS")
      .argument("<folder>", "the folder of the plan"),
  async run(_, [given = ""]) {
    const folder = resolve(given);
    const made = await readPlan(folder);
    const result = await finishBatch(folder, made);
    await removeLeftovers(folder, made);
    printResult(result);
  },
};

const status: CliCommand = {
  name: "status",
  configure: (command) =>
    command.description("print how far a batch is").argument("<folder>", "the folder of the plan"),
  async run(_, [given = ""]) {
    const folder = resolve(given);
    const made = await readPlan(folder);
    const parts = await doneParts(folder, made);
    const done = parts.filter((one) => one !== undefined);
    const sum = (key: "rows" | "predicted" | "skipped") => done.reduce((total, one) => total + one[key], 0);
    printResult({
      parts: parts.length,
      done: done.length,
      missing: parts.flatMap((one, index) => (one ? [] : [index])),
      rows: made.rows,
      predicted: sum("predicted"),
      skipped: sum("skipped"),
    });
  },
};

/** `launchpad batch` */
export const batch: CliCommand = {
  name: "batch",
  configure: (command) => command.description("predict a table in parts, by tasks of Slurm, Kubernetes or AWS Batch"),
  async run() {
    throw new LaunchpadError(
      "USAGE",
      "batch: expected plan, run, finish or status, found none. See launchpad batch --help",
    );
  },
  commands: [plan, run, finish, status],
};

function tableOf({
  from,
  from_format: format,
  columns,
  params,
}: Pick<Plan, "from" | "from_format" | "columns" | "params">): TableOptions {
  return { from, fromFormat: format ?? undefined, columns, params, errors: "fail", stamp: false };
}

function indexOfTask(): number {
  for (const name of indexVariables) {
    const value = process.env[name];
    if (value !== undefined && /^\d+$/.test(value)) return Number(value);
  }
  throw new LaunchpadError(
    "USAGE",
    `--index: expected the number of a part, or one of ${indexVariables.join(", ")} in the environment; found neither`,
  );
}
