import process from "node:process";
import { type Counts, faultOf, isLaunchpadError, LaunchpadError, messageOf, toPlain } from "../../../src/internal.ts";
import type { Session } from "../session.ts";
import { writeStandardOutput } from "../streams.ts";
import { openBadRows } from "./bad-rows.ts";
import type { BadRows } from "./options.ts";
import type { Pool, PooledAnswer } from "./pool.ts";

/** How lines are scored. */
export interface LineOptions {
  readonly pool: Pool;
  /** Keys of each line that stand before its prediction. */
  readonly columns: readonly string[];
  readonly errors: BadRows;
  readonly stamp: Readonly<Record<string, string>> | undefined;
}

/** A line of so many characters is none. */
const maxLineLength = 2 ** 26;

/** What was read of a line. */
interface Read {
  readonly values: Readonly<Record<string, unknown>> | undefined;
  readonly error?: LaunchpadError;
}

/**
 * Scores JSON Lines from the standard input to the standard output: exactly one line out for each line in, in their order. It answers as
 * lines come, and reads no faster than its answers are taken.
 *
 * @param session The session.
 * @param options How.
 *
 * @returns How many lines there were.
 *
 * @throws The error of the first line without prediction, with its number, unless such lines go into a file.
 */
export async function scoreLines(session: Session, options: LineOptions): Promise<Counts> {
  const counts: Counts = { rows: 0, predicted: 0, skipped: 0 };
  const { pool, errors } = options;
  const bad = openBadRows(errors, session.host);
  const encoder = new TextEncoder();
  const queue: { readonly read: readonly Read[]; readonly answers: Promise<readonly PooledAnswer[]> }[] = [];
  const done = async (upTo: number) => {
    for (let next = queue[0]; next !== undefined && queue.length > upTo; next = queue[0]) {
      const answers = await next.answers;
      queue.shift();
      let text = "";
      for (const [at, line] of next.read.entries()) {
        counts.rows += 1;
        const { prediction, error } = line.error ? { error: line.error, prediction: undefined } : (answers[at] ?? {});
        if (error === undefined) {
          counts.predicted += 1;
          text += lineOf(line, prediction, options);
          continue;
        }
        if (!bad.add) {
          // What is right is told before what is wrong.
          await writeStandardOutput(encoder.encode(text));
          throw failed(error, counts.rows);
        }
        counts.skipped += 1;
        const fault = { ...faultOf(error, counts.rows), values: (line.values ?? {}) as Record<string, never> };
        await bad.add(fault);
        text += `${JSON.stringify({ error: { code: fault.code, message: fault.message } })}\n`;
      }
      await writeStandardOutput(encoder.encode(text));
    }
  };
  try {
    for await (const lines of linesOf(process.stdin)) {
      const read = lines.map(readLine);
      const answers = pool.answer(read.map(({ values }) => values ?? {}));
      answers.catch(() => {});
      queue.push({ read, answers });
      await done(pool.size === 1 ? 0 : pool.size * 2 - 1);
    }
    await done(0);
    await bad.end();
    return counts;
  } catch (error) {
    await bad.abandon(error);
    throw error;
  }
}

/** The lines that each piece of the input completes. */
async function* linesOf(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let line = 1;
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (cause) {
      const message = `standard input line ${line} or below: UTF-8 expected, found bytes that are not`;
      throw new LaunchpadError("DATA_INVALID", message, { cause });
    }
  };
  for await (const chunk of input) {
    const lines = (rest + (typeof chunk === "string" ? chunk : decode(chunk))).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > maxLineLength) {
      throw new LaunchpadError(
        "DATA_INVALID",
        `standard input line ${line}: expected one JSON object, found no end of the line`,
      );
    }
    line += lines.length;
    if (lines.length > 0) yield lines;
  }
  const last = rest + decode();
  if (last !== "") yield [last];
}

function readLine(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const found = text.trim() === "" ? "an empty line" : `${JSON.stringify(text.slice(0, 60))} (${messageOf(cause)})`;
    return {
      values: undefined,
      error: new LaunchpadError("ARGUMENTS_INVALID", `expected a JSON object, found ${found}`),
    };
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return { values: value as Record<string, unknown> };
  const found = Array.isArray(value) ? "an array" : value === null ? "null" : `a ${typeof value}`;
  return {
    values: undefined,
    error: new LaunchpadError("ARGUMENTS_INVALID", `expected a JSON object, found ${found}`),
  };
}

function lineOf({ values = {} }: Read, prediction: unknown, { columns, stamp }: LineOptions): string {
  const isObject = typeof prediction === "object" && prediction !== null && !Array.isArray(prediction);
  const own = isObject ? prediction : { prediction };
  if (columns.length === 0 && stamp === undefined) return `${JSON.stringify(own)}\n`;
  const carried = Object.fromEntries(columns.map((name) => [name, Object.hasOwn(values, name) ? values[name] : null]));
  const twice = columns.find((name) => Object.hasOwn(own, name));
  if (twice !== undefined) {
    throw new LaunchpadError(
      "USAGE",
      `--columns: expected names that predictions do not have, found ${twice}. Leave it out`,
    );
  }
  return `${JSON.stringify(toPlain({ ...carried, ...own, ...stamp }))}\n`;
}

function failed(error: unknown, line: number): LaunchpadError {
  const code = isLaunchpadError(error) ? error.code : "PREDICT_FAILED";
  const advice = "--errors skip FILE goes on after such lines, and writes them down";
  return new LaunchpadError(code, `standard input line ${line}: ${messageOf(error)}. ${advice}`, { cause: error });
}
