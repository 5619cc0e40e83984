import { indented, onOneLine } from "../../process/printable.ts";
import { stackOf } from "../../process/stack.ts";
import { fieldOf, isField, type TimeOptions } from "./fields.ts";
import type { LogRecord } from "./record.ts";
import { readFormat, type Style } from "./styles.ts";

/** The format of ML Launchpad's default log. */
export const defaultFormat = "%(asctime)s %(levelname)s %(name)s: %(message)s";

/** How records become lines. */
export interface FormatOptions extends TimeOptions {
  readonly format: string;
  readonly style?: Style | undefined;
  /** Values of fields that a record does not have. */
  readonly defaults?: Readonly<Record<string, unknown>> | undefined;
}

/** Makes lines of a record, the last of which ends with a line feed. */
export type Formatter = (record: LogRecord) => string;

/**
 * Creates a formatter from a format of Python's logging: `%(name)s`, padded as in `%(levelname)-8s`; or `json` for one
 * JSON object a line, with the properties of each record.
 *
 * @param options The format, which has been checked.
 *
 * @returns A formatter.
 */
export function formatter({ format, style = "%", defaults = {}, ...options }: FormatOptions): Formatter {
  if (format === "json") return jsonLine;
  const pieces = readFormat(format, style);
  return (record) => {
    const parts = pieces.map((piece) => {
      if (typeof piece === "string") return piece;
      const { field, write } = piece;
      const value = isField(field) ? fieldOf(field, record, options) : String(defaults[field]);
      // A message may be what a model threw, in which anybody's words can be.
      return write(typeof value === "string" ? onOneLine(value) : value);
    });
    return `${parts.join("")}${detailOf(record)}\n`;
  };
}

function jsonLine(record: LogRecord): string {
  const line = {
    time: fieldOf("asctime", record, {}),
    level: fieldOf("levelname", record, {}),
    name: record.name,
    message: record.message,
    ...Object.fromEntries(Object.entries(record.properties).map(([key, value]) => [key, plain(value)])),
  };
  return `${JSON.stringify(line, (_, value) => (typeof value === "bigint" ? String(value) : value))}\n`;
}

/** Errors have no enumerable properties: their stack is what a reader of a log wants. */
function plain(value: unknown): unknown {
  return value instanceof Error ? stackOf(value) : value;
}

function detailOf(record: LogRecord): string {
  const parts = Object.entries(record.properties).map(([key, value]) =>
    value instanceof Error ? `\n${indented(stackOf(value))}` : ` ${key}=${onOneLine(text(value))}`,
  );
  return parts.join("");
}

function text(value: unknown): string {
  try {
    return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner)) ?? String(value);
  } catch {
    return String(value);
  }
}
