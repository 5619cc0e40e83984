import { type Batch, type Config, LaunchpadError, type Source } from "../../../../src/internal.ts";
import type { CliCommand } from "../../command.ts";
import { threadCount } from "../../scoring/options.ts";
import { doneParts, ownFiles, publishPart, rowsBetween } from "../../scoring/parts.ts";
import { type Part, type Plan, readPlan } from "../../scoring/plan.ts";
import { startPool } from "../../scoring/pool.ts";
import { openResultFolder } from "../../scoring/result-folder.ts";
import { openTable, scoreTable, type TableOptions } from "../../scoring/score-table.ts";
import { printResult } from "../../streams.ts";
import { assertOrdered, indexOfTask, indexVariables, tableOf, wholeFrom } from "./options.ts";

/** `launchpad batch run` */
export const run: CliCommand = {
  name: "run",
  configure: (command) =>
    command
      .description("predict one part of a plan; it is published once, whoever is first")
      .argument("<folder>", "the folder of the plan")
      .option("--index <number>", `the part (default: ${indexVariables.join(", ")}, whichever is set)`, wholeFrom(0))
      .option("--workers <count>", "threads that predict, or auto for one a core (default: 1)", threadCount),
  async run(session, [given = ""], options) {
    const folder = openResultFolder(given, session.host);
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
        `${folder.shown}: expected the model with the digest ${sha256} as planned, found ${batch.meta?.contents.sha256}`,
      );
    }
    const files = ownFiles(index, made.to_format);
    const table: TableOptions = {
      ...tableOf({ ...made, params: { ...made.params, ...part.keys } }),
      errors: made.skip_errors ? { file: folder.at(files.bad) } : "fail",
    };
    const source = await sourceOf(batch, launchpad.config, { plan: made, part, table });
    const sink = await batch.sink({ path: folder.at(files.file), type: made.to_format }, "--to");
    const pool = await startPool(batch, (options.workers ?? 1) as number, {
      globals: session.globals,
      model: undefined,
    });
    try {
      const { signal } = new AbortController();
      const counts = await scoreTable(session, {
        batch,
        pool,
        source,
        sink,
        options: table,
        signal,
        before: part.start,
      });
      if (part.rows !== null && counts.rows !== part.rows) throw changed(made.from, part.rows, counts.rows);
      const bad = made.skip_errors ? files.bad : undefined;
      const published = await publishPart(folder, made, { ...counts, index, file: files.file, bad });
      printResult({ index, published, ...counts });
    } finally {
      await pool.close();
    }
  },
};

/** The rows of one part. */
async function sourceOf(
  batch: Batch,
  config: Config,
  { plan, part, table }: { readonly plan: Plan; readonly part: Part; readonly table: TableOptions },
): Promise<Source> {
  const source = await openTable(batch, config, table);
  if (part.rows === null) return source;
  assertOrdered(source, plan.from, plan.parts.length);
  const range = { start: part.start, end: part.start + part.rows };
  if (!plan.by_groups || part.rows === 0)
    return { ...source, batches: (request) => rowsBetween(source.batches(request), range, plan.from) };
  const groups = await source.groups?.();
  const rows = groups?.reduce((total, group) => total + group, 0);
  if (rows !== plan.rows) throw changed(plan.from, plan.rows ?? 0, rows ?? 0);
  return { ...source, batches: (request) => source.batches({ ...request, rows: range }) };
}

function changed(from: string, planned: number, found: number): LaunchpadError {
  return new LaunchpadError(
    "DATA_INVALID",
    `${from}: expected ${planned} rows as planned, found ${found}: the source has changed. Plan again, into another folder`,
  );
}
