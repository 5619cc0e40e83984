import type { LogRecord, TextFormatter } from "@logtape/logtape";
import { indented, onOneLine } from "../process/printable.ts";
import { stackOf } from "../process/stack.ts";

/** The format of ML Launchpad's default log. */
export const defaultFormat = "%(asctime)s %(levelname)s %(name)s: %(message)s";

const fields: Record<string, (record: LogRecord) => string> = {
  asctime: (record) => new Date(record.timestamp).toISOString(),
  levelname: (record) => record.level.toUpperCase(),
  name: (record) => record.category.join("."),
  message: (record) => record.message.map(String).join(""),
  process: () => String(globalThis.process?.pid ?? ""),
};

/**
 * Creates a formatter from a format of Python's logging: `%(name)s`, padded as in `%(levelname)-8s`; or `json` for one
 * JSON object a line, with the properties of each record.
 *
 * @param format The format.
 *
 * @returns A formatter for LogTape, each of whose lines ends with a line feed.
 */
export function formatter(format: string): TextFormatter {
  if (format === "json") return jsonLine;
  return (record) => {
    // A message may be what a model threw, in which anybody's words can be.
    const line = format.replace(
      /%\((\w+)\)(-?)(\d*)s|%%/g,
      (all, name: string | undefined, left: string, width: string) => {
        if (name === undefined) return "%";
        const text = onOneLine(fields[name]?.(record) ?? all);
        return left ? text.padEnd(Number(width)) : text.padStart(Number(width));
      },
    );
    return `${line}${detailOf(record)}\n`;
  };
}

/** The fields that a format can name. */
export const fieldNames = Object.keys(fields);

function jsonLine(record: LogRecord): string {
  const { asctime, levelname, name, message } = fields;
  const line = {
    time: asctime?.(record),
    level: levelname?.(record),
    name: name?.(record),
    message: message?.(record),
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
