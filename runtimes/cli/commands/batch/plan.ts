import { type Batch, LaunchpadError, type Source, typeOfPath } from "../../../../src/internal.ts";
import type { CliCommand } from "../../command.ts";
import { columnList, readParams } from "../../scoring/options.ts";
import { type Part, type Plan, planDigest, writePlan } from "../../scoring/plan.ts";
import { openResultFolder } from "../../scoring/result-folder.ts";
import { openTable, rowsAtOnce, type TableOptions } from "../../scoring/score-table.ts";
import type { Session } from "../../session.ts";
import { printResult } from "../../streams.ts";
import { assertOrdered, type KeyRanges, keyRanges, tableOf, wholeFrom } from "./options.ts";

const formats = ["parquet", "csv", "jsonl", "json"];
const defaultPartRows = 1_000_000;

/** `launchpad batch plan` */
export const plan: CliCommand = {
  name: "plan",
  configure: (command) =>
    command
      .description("split a table into parts for tasks on many machines, with the run that serves now; write the plan")
      .requiredOption("--from <source>", "a data source of the configuration, or a path or URL")
      .requiredOption(
        "--to <folder>",
        "the folder for the results, which all tasks reach: a path, s3://bucket/folder, az://container/folder",
      )
      .option("--from-format <type>", "the type of a source whose path does not tell it")
      .option("--to-format <type>", `the type of the results: ${formats.join(", ")} (default: that of the source)`)
      .option("--columns <names>", "columns of the source to write before the predictions: id,name", columnList)
      .option("--params <name=value...>", "parameters of the source")
      .option(
        "--part-rows <rows>",
        `rows of a part; of Parquet, whole row groups of at least so many (default: ${defaultPartRows})`,
        wholeFrom(1),
      )
      .option(
        "--keys <from:to:step>",
        "ranges of keys as parts: the source is asked with the parameters key_from and key_to (which is not included)",
        keyRanges,
      )
      .option("--skip-errors", "write rows without prediction into a file, instead of ending the part"),
  async run(session, _, options) {
    const from = String(options.from);
    const folder = openResultFolder(String(options.to), session.host);
    const toFormat = String(options.toFormat ?? typeOfPath(from) ?? "parquet");
    if (!formats.includes(toFormat))
      throw new LaunchpadError("USAGE", `--to-format: expected one of ${formats.join(", ")}, found ${toFormat}`);
    if (options.keys !== undefined && options.partRows !== undefined)
      throw new LaunchpadError(
        "USAGE",
        "--keys: expected no --part-rows beside it, since ranges of keys are the parts",
      );
    const launchpad = await session.open();
    const batch = await launchpad.batch();
    const table = tableOf({
      from,
      from_format: (options.fromFormat as string | undefined) ?? null,
      columns: (options.columns ?? []) as string[],
      params: readParams(options.params as string[] | undefined),
    });
    const split = options.keys
      ? ofKeys(options.keys as KeyRanges)
      : await ofRows(
          session,
          await openTable(batch, launchpad.config, table),
          table,
          (options.partRows ?? defaultPartRows) as number,
        );
    const written = await writePlan(folder, {
      format: "mllaunchpad-batch/2",
      created: new Date(session.host.now()).toISOString(),
      from,
      from_format: table.fromFormat ?? null,
      to_format: toFormat,
      columns: table.columns,
      params: table.params,
      skip_errors: options.skipErrors === true,
      model: modelOf(batch),
      ...split,
    });
    printResult({ folder: folder.shown, parts: written.parts.length, rows: written.rows, plan: planDigest(written) });
  },
};

function modelOf({ meta }: Batch): Plan["model"] {
  if (meta === undefined) throw new LaunchpadError("MODEL_NOT_TRAINED", "expected a model in the store, found none");
  return { name: meta.name, version: meta.version, run: meta.run, sha256: meta.contents.sha256 };
}

type Split = Pick<Plan, "rows" | "by_groups" | "parts">;

function ofKeys({ from, to, step }: KeyRanges): Split {
  const parts: Part[] = [];
  for (let at = from; at < to; at += step) {
    const keys = { key_from: at, key_to: Math.min(to, at + step) };
    parts.push({ index: parts.length, rows: null, start: 0, keys });
  }
  return { rows: null, by_groups: false, parts };
}

/** Whole row groups, where a source has such; otherwise rows, which are counted by reading them. */
async function ofRows(session: Session, source: Source, table: TableOptions, size: number): Promise<Split> {
  const groups = await source.groups?.();
  const sizes = groups ? joined(groups, size) : pieces(await countRows(session, source, table), size);
  assertOrdered(source, table.from, sizes.length);
  let start = 0;
  const parts = (sizes.length === 0 ? [0] : sizes).map((rows, index): Part => {
    start += rows;
    return { index, rows, start: start - rows };
  });
  return { rows: start, by_groups: groups !== undefined, parts };
}

/** Groups, put together until there are enough rows. */
function joined(groups: readonly number[], least: number): number[] {
  const sizes: number[] = [];
  let rows = 0;
  for (const group of groups) {
    rows += group;
    if (rows < least) continue;
    sizes.push(rows);
    rows = 0;
  }
  return rows > 0 ? [...sizes, rows] : sizes;
}

function pieces(rows: number, size: number): number[] {
  return Array.from({ length: Math.ceil(rows / size) }, (_, at) => Math.min(size, rows - at * size));
}

async function countRows({ progress }: Session, source: Source, { from, params }: TableOptions): Promise<number> {
  let rows = 0;
  progress.start(`counting ${from}`);
  try {
    for await (const frame of source.batches({ size: rowsAtOnce, params })) rows += frame.length;
  } finally {
    progress.stop();
  }
  return rows;
}
