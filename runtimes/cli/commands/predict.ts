import { type Args, LaunchpadError, messageOf, toPlain } from "../../../src/internal.ts";
import { stopSignal } from "../../process/stop-signal.ts";
import { pathUrl } from "../../project/find-config.ts";
import { type CliCommand, modelArgument } from "../command.ts";
import { assertApart } from "../scoring/assert-apart.ts";
import { journalPath, openTableJournal } from "../scoring/open-table-journal.ts";
import { columnList, dataNamed, readErrors, readParams, threadCount } from "../scoring/options.ts";
import { startPool } from "../scoring/pool.ts";
import { scoreCsvLines } from "../scoring/score-csv-lines.ts";
import { scoreLines } from "../scoring/score-lines.ts";
import { scoreResumable } from "../scoring/score-resumable.ts";
import { openTable, scoreTable, stampOf } from "../scoring/score-table.ts";
import type { Session } from "../session.ts";
import { printResult, readStandardInput } from "../streams.ts";

const examples = `
Examples:
  echo '{ "x1": 3, "x2": 2 }' | launchpad predict
  launchpad predict --from rows.parquet --to s3://bucket/predictions.parquet --columns id
  launchpad predict --from customers --to scores --params day=2024-01-31 --errors skip bad.jsonl
  cat rows.jsonl | launchpad predict --stream > predictions.jsonl`;

/** `launchpad predict` */
export const predict: CliCommand = {
  name: "predict",
  configure: (command) =>
    command
      .description(
        "predict: for arguments in a JSON file, for a table (--from, --to), or for lines as they come (--stream)",
      )
      .argument("[file]", "a JSON object of arguments; - or nothing for the standard input")
      .option("--model <name>", modelArgument)
      .option("--from <source>", "a data source of the configuration, or a path or URL of csv, jsonl, json or parquet")
      .option("--to <sink>", "a data sink of the configuration, or a path or URL")
      .option("--from-format <type>", "the type of a source whose path does not tell it")
      .option("--to-format <type>", "the type of a sink whose path does not tell it")
      .option(
        "--stream",
        "lines from the standard input to the standard output, one out for each in: JSON Lines, or with --from-format csv",
      )
      .option("--columns <names>", "columns of the source to write before the predictions: id,name", columnList)
      .option("--params <name=value...>", "parameters of the source, as :name in a query has them")
      .option("--workers <count>", "threads that predict, or auto for one a core (default: 1)", threadCount)
      .option(
        "--errors <how...>",
        "fail at the first row without prediction (the default), or skip FILE: write them there",
      )
      .option("--stamp", "add the columns model_run and predicted_at")
      .option(
        "--resume [file]",
        "keep what is done in a file (default: that of --to with .resume), and go on from there if it is there",
      )
      .addHelpText("after", examples),
  async run(session, [file], options) {
    if (options.from !== undefined || options.to !== undefined) return predictTable(session, file, options);
    if (options.stream === true) return predictLines(session, file, options);
    const given = tableOptions.find((name) => options[name] !== undefined);
    if (given !== undefined)
      throw new LaunchpadError("USAGE", `--${given}: expected --from and --to, or --stream, with it; found neither`);
    const launchpad = await session.open(textOf(options.model));
    const args = await readArguments(session, file ?? "-");
    printResult(toPlain(await launchpad.predict(args)));
  },
};

const tableOptions = ["columns", "params", "workers", "errors", "stamp", "resume"] as const;

type Options = Readonly<Record<string, unknown>>;

async function predictTable(session: Session, file: string | undefined, options: Options): Promise<void> {
  const { from, to } = options;
  if (typeof from !== "string" || typeof to !== "string") {
    const [here, missing] = typeof from === "string" ? ["--from", "--to"] : ["--to", "--from"];
    throw new LaunchpadError(
      "USAGE",
      `${here}: expected ${missing} as well. launchpad predict --from rows.csv --to predictions.csv`,
    );
  }
  if (options.stream === true)
    throw new LaunchpadError("USAGE", "--stream: expected neither --from nor --to beside it");
  if (file !== undefined)
    throw new LaunchpadError("USAGE", `expected no file of arguments beside --from, found ${file}`);
  const table = {
    from,
    fromFormat: textOf(options.fromFormat),
    columns: (options.columns ?? []) as readonly string[],
    params: readParams(options.params as readonly string[] | undefined),
    errors: readErrors(options.errors as readonly string[] | undefined),
    stamp: options.stamp === true,
  };
  const model = textOf(options.model);
  const launchpad = await session.open(model);
  const { config } = launchpad;
  const resume = options.resume === undefined ? undefined : journalPath(options.resume, to, config);
  const named = [
    { option: "--from", word: from, section: "datasources" },
    { option: "--to", word: to, section: "datasinks" },
    { option: "--errors skip", word: table.errors === "fail" ? undefined : table.errors.file },
    { option: "--resume", word: resume },
  ] as const;
  await assertApart(named, config, session.host);
  const journal = resume === undefined ? undefined : await openTableJournal(session, launchpad, table, resume);
  const batch = journal?.batch ?? (await launchpad.batch());
  const naming = { config, section: "datasinks", option: "--to" } as const;
  const sink = await batch.sink(dataNamed(to, naming, textOf(options.toFormat)), "--to");
  const source = await openTable(batch, config, table);
  const pool = await startPool(batch, (options.workers ?? 1) as number, { globals: session.globals, model });
  const stopping = new AbortController();
  const kept = journal ? `; what is done is in ${journal.path}, and the same command goes on` : "; nothing was written";
  void stopSignal().then(() => stopping.abort(new LaunchpadError("ABORTED", `stopped by a signal${kept}`)));
  const begun = session.host.now();
  try {
    const scoring = { batch, pool, source, sink, options: table, signal: stopping.signal };
    const counts = journal
      ? await scoreResumable(session, scoring, journal.journal)
      : await scoreTable(session, scoring);
    const { meta } = batch;
    const summary = {
      ...counts,
      seconds: (session.host.now() - begun) / 1000,
      ...(meta && { model: `${meta.name}@${meta.version}/${meta.run}` }),
    };
    // Where predictions go to the standard output, nothing else does.
    if (!/^\/(dev\/stdout|dev\/fd\/1|proc\/self\/fd\/1)$/.test(to)) printResult(summary);
  } catch (error) {
    throw stopping.signal.aborted ? stopping.signal.reason : error;
  } finally {
    await pool.close();
    await journal?.journal.close();
  }
}

async function predictLines(session: Session, file: string | undefined, options: Options): Promise<void> {
  if (file !== undefined)
    throw new LaunchpadError(
      "USAGE",
      `--stream: expected the standard input, found ${file}. launchpad predict --stream < ${file}`,
    );
  for (const name of ["params", "resume"]) {
    if (options[name] !== undefined)
      throw new LaunchpadError("USAGE", `--${name}: expected --from and --to with it, found --stream`);
  }
  const format = streamFormat(options);
  const errors = readErrors(options.errors as readonly string[] | undefined);
  const model = textOf(options.model);
  const batch = await (await session.open(model)).batch();
  const pool = await startPool(batch, (options.workers ?? 1) as number, { globals: session.globals, model });
  try {
    const stamp = options.stamp === true ? stampOf(batch, session) : undefined;
    const lines = { pool, columns: (options.columns ?? []) as readonly string[], errors, stamp };
    await (format === "csv" ? scoreCsvLines(session, batch, lines) : scoreLines(session, lines));
  } finally {
    await pool.close();
  }
}

function streamFormat({ fromFormat, toFormat }: Options): "csv" | "jsonl" {
  const format = fromFormat ?? toFormat ?? "jsonl";
  if (format !== "csv" && format !== "jsonl")
    throw new LaunchpadError("USAGE", `--from-format: expected csv or jsonl beside --stream, found ${format}`);
  if ((toFormat ?? format) === format) return format;
  throw new LaunchpadError(
    "USAGE",
    `--to-format: expected ${format} as --from-format beside --stream, found ${toFormat}`,
  );
}

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);

async function readArguments(session: Session, file: string): Promise<Args> {
  const { files } = session.host;
  const where = file === "-" || files === undefined ? "standard input" : file;
  const bytes =
    file === "-" || files === undefined ? await readStandardInput() : await files.read(pathUrl(file, files));
  const expected = 'expected a JSON object of arguments, such as { "x1": 3 }';
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const found = bytes.length === 0 ? "nothing" : messageOf(cause);
    throw new LaunchpadError("ARGUMENTS_INVALID", `${where}: found ${found}, ${expected}.`, { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  const found = Array.isArray(value) ? "an array" : value === null ? "null" : `a ${typeof value}`;
  throw new LaunchpadError("ARGUMENTS_INVALID", `${where}: found ${found}, ${expected}.`);
}
