import { LaunchpadError, type Row } from "../../../../src/internal.ts";
import type { Session } from "../../session.ts";

/** One prediction of the log, joined to what came true. */
export interface LoggedPrediction {
  readonly time: string;
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly run: string;
  readonly variant: string;
  readonly caller: string;
  readonly ms: number;
  readonly inputs: unknown;
  /** Undefined if it failed. */
  readonly prediction: unknown;
  readonly error: string;
  /** Undefined as long as nobody knows. */
  readonly actual: unknown;
}

/** Which predictions are wanted. */
export interface LogRange {
  /** The data source; that of the name of the sink unless told. */
  readonly from: string | undefined;
  /** ISO 8601: not before, */
  readonly since: string | undefined;
  /** and before. */
  readonly until: string | undefined;
}

/**
 * Reads a prediction log, twice: first what came true, then the predictions.
 *
 * @param session The session.
 * @param range Which predictions.
 *
 * @returns The predictions, in the order of the log.
 *
 * @throws USAGE when nobody says where the log is; DATA_INVALID when it is none.
 */
export async function* readLog(session: Session, range: LogRange): AsyncGenerator<LoggedPrediction> {
  const { config, source } = await session.data();
  const name = range.from ?? config.api?.log?.sink;
  if (name === undefined || !Object.hasOwn(config.datasources, name)) {
    throw new LaunchpadError(
      "USAGE",
      `no data source ${name ?? ""} to read the prediction log from: expected one of the name of the sink (api.log), with its type and ` +
        "path or a query. Add it below datasources, or name another with --from",
    );
  }
  const since = timeOf("--since", range.since);
  const until = timeOf("--until", range.until);
  const actuals = new Map<string, unknown>();
  for await (const row of rowsOf(name)) {
    if (row.kind === "feedback") actuals.set(String(row.id), jsonOf(row.actual));
  }
  for await (const row of rowsOf(name)) {
    const time = row.time instanceof Date ? row.time.toISOString() : String(row.time);
    if (row.kind !== "prediction" || (since !== undefined && time < since) || (until !== undefined && time >= until))
      continue;
    const text = (key: string) => String(row[key] ?? "");
    yield {
      time,
      id: text("id"),
      model: text("model"),
      version: text("version"),
      run: text("run"),
      variant: text("variant"),
      caller: text("caller"),
      ms: Number(row.ms),
      inputs: jsonOf(row.inputs),
      prediction: jsonOf(row.prediction),
      error: text("error"),
      actual: actuals.get(text("id")),
    };
  }

  async function* rowsOf(of: string): AsyncGenerator<Row> {
    const opened = source(of);
    for await (const frame of opened.batches()) {
      if (frame.length > 0 && !(frame.names.includes("kind") && frame.names.includes("inputs"))) {
        throw new LaunchpadError(
          "DATA_INVALID",
          `[${opened.type}] ${of}: found no columns kind and inputs, expected a prediction log`,
        );
      }
      yield* frame.rows();
    }
  }
}

/** Text is what was logged; a reader may have taken JSON apart already. */
function jsonOf(cell: unknown): unknown {
  if (typeof cell !== "string") return cell ?? undefined;
  return cell === "" ? undefined : JSON.parse(cell);
}

function timeOf(option: string, given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const time = new Date(given);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new LaunchpadError(
    "USAGE",
    `${option}: found ${given}, expected a time such as 2026-11-28 or 2026-11-28T10:00:00Z`,
  );
}
