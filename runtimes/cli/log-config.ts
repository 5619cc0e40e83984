import {
  array,
  boolean,
  check,
  type InferOutput,
  integer,
  literal,
  looseObject,
  minValue,
  number,
  object,
  optional,
  picklist,
  pipe,
  record,
  safeParse,
  string,
  transform,
  variant,
} from "valibot";
import { parse } from "yaml";
import { LaunchpadError, messageOf } from "../../src/internal.ts";
import { fieldNames } from "./log-format.ts";

const levels = {
  DEBUG: "debug",
  INFO: "info",
  WARNING: "warning",
  WARN: "warning",
  ERROR: "error",
  CRITICAL: "fatal",
} as const;

const level = pipe(
  string(),
  transform((text) => text.toUpperCase()),
  picklist(Object.keys(levels) as (keyof typeof levels)[]),
  transform((name) => levels[name]),
);

const format = pipe(
  string(),
  check(
    (text) => [...text.matchAll(/%\((\w+)\)/g)].every(([, name]) => fieldNames.includes(name ?? "")),
    `expected no other fields than ${fieldNames.join(", ")}`,
  ),
);

const common = { level: optional(level), formatter: optional(string()) };
const filename = string();

const handler = variant("class", [
  looseObject({ class: literal("logging.StreamHandler"), ...common }),
  looseObject({ class: literal("logging.FileHandler"), filename, ...common }),
  looseObject({
    class: literal("logging.handlers.RotatingFileHandler"),
    filename,
    maxBytes: optional(pipe(number(), integer(), minValue(0)), 10 * 1024 * 1024),
    backupCount: optional(pipe(number(), integer(), minValue(0)), 5),
    ...common,
  }),
]);

const handlers = optional(array(string()), []);

const schema = object({
  formatters: optional(record(string(), looseObject({ format: format })), {}),
  handlers: optional(record(string(), handler), {}),
  loggers: optional(
    record(string(), looseObject({ level: optional(level), handlers, propagate: optional(boolean(), true) })),
    {},
  ),
  root: optional(looseObject({ level: optional(level, "info"), handlers }), { level: "INFO" }),
});

/** The configuration of a log. */
export type LogConfig = InferOutput<typeof schema>;

/** One place that a log goes to. */
export type LogHandler = InferOutput<typeof handler>;

/**
 * Reads the configuration of a log: the part of Python's dictConfig that ML Launchpad's example uses.
 *
 * @param bytes The YAML file.
 * @param where Its path, for messages.
 *
 * @returns The checked configuration.
 *
 * @throws CONFIG_INVALID with every problem.
 */
export function readLogConfig(bytes: Uint8Array, where: string): LogConfig {
  let value: unknown;
  try {
    // Python reads YAML 1.1, and its configurations say `propagate: no`.
    value = parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes), { version: "1.1" });
  } catch (cause) {
    throw new LaunchpadError("CONFIG_INVALID", `${where}: ${messageOf(cause)}`, { cause });
  }
  const result = safeParse(schema, value);
  if (!result.success) {
    const problems = result.issues.map((issue) => {
      const path = (issue.path ?? []).map((step) => String(step.key)).join(".");
      return `${where}: ${path || "the file"}: ${issue.message}`;
    });
    throw new LaunchpadError("CONFIG_INVALID", problems.join("\n"));
  }
  const config = result.output;
  const used = [config.root, ...Object.values(config.loggers)].flatMap((logger) => logger.handlers);
  const unknown = used.filter((name) => !(name in config.handlers));
  if (unknown.length > 0) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}: no handler named ${unknown.join(", ")}; there are ${Object.keys(config.handlers).join(", ") || "none"}`,
    );
  }
  return config;
}
