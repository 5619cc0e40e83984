import {
  boolean,
  check,
  type InferOutput,
  literal,
  optional,
  picklist,
  pipe,
  record,
  safeParse,
  string,
  unknown,
} from "valibot";
import { parse } from "yaml";
import { didYouMean, LaunchpadError, messageOf } from "../../../src/internal.ts";
import { unknownDirective } from "./date.ts";
import { fieldNames, isField } from "./fields.ts";
import { handler, level, mapping, names } from "./handlers.ts";
import { meantLogger } from "./names.ts";
import { readFormat, styles } from "./styles.ts";

export type { LogHandler } from "./handlers.ts";

const datefmt = pipe(
  string("expected a text"),
  check(
    (text) => unknownDirective(text) === undefined,
    ({ input }) => `${unknownDirective(input)} is none of the directives of strftime that are known here`,
  ),
);

const formatter = pipe(
  mapping({
    format: optional(string("expected a text"), "%(message)s"),
    datefmt: optional(datefmt),
    style: optional(picklist(styles, `expected one of ${styles.join(", ")}`), "%"),
    validate: optional(boolean()),
    defaults: optional(record(string(), unknown()), {}),
    class: optional(
      literal(
        "logging.Formatter",
        ({ input }) =>
          `found ${JSON.stringify(input)}, a class of Python, which is not called here. Expected logging.Formatter; ` +
          "for lines of JSON, format: json",
      ),
    ),
  }),
  check(
    (given) => mistakeIn(given) === undefined,
    ({ input }) => `format: ${mistakeIn(input)}`,
  ),
);

/** Finds what of a format is not understood. */
function mistakeIn(given: {
  readonly format: string;
  readonly style: (typeof styles)[number];
  readonly defaults: Record<string, unknown>;
}): string | undefined {
  if (given.format === "json") return undefined;
  try {
    const pieces = readFormat(given.format, given.style);
    const fields = pieces.flatMap((piece) => (typeof piece === "string" ? [] : [piece.field]));
    const unknown = fields.find((field) => !isField(field) && !Object.hasOwn(given.defaults, field));
    return unknown === undefined
      ? undefined
      : `found the field ${unknown}, expected one of ${fieldNames.join(", ")}, or a key of defaults.${didYouMean(unknown, fieldNames)}`;
  } catch (error) {
    return messageOf(error);
  }
}

/** Names of handlers and filters of a logger, and its level. */
const logger = { level: optional(level), handlers: optional(names, []), filters: optional(names, []) };

const schema = mapping({
  version: optional(literal(1, "expected 1")),
  disable_existing_loggers: optional(boolean()),
  incremental: optional(literal(false, "expected false: a configuration is read once, when a command begins")),
  formatters: optional(record(string(), formatter), {}),
  filters: optional(record(string(), mapping({ name: optional(string(), "") })), {}),
  handlers: optional(record(string(), handler), {}),
  loggers: optional(
    record(string(), mapping({ ...logger, propagate: optional(boolean("expected true or false"), true) })),
    {},
  ),
  root: optional(mapping({ ...logger, level: optional(level, "INFO") }), {}),
});

/** The configuration of a log; its loggers by their names here. */
export type LogConfig = InferOutput<typeof schema>;

/**
 * Reads the configuration of a log: what Python's dictConfig takes, as far as it is no code.
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
      return `${where}: ${path || "the file"}: ${issue.message}.`.replace(/([.?])\.$/, "$1");
    });
    throw new LaunchpadError("CONFIG_INVALID", [...new Set(problems)].join("\n"));
  }
  const { loggers, problems } = renamed(result.output.loggers);
  const all = [...problems, ...unknownNames(result.output)];
  if (all.length > 0)
    throw new LaunchpadError("CONFIG_INVALID", all.map((problem) => `${where}: ${problem}`).join("\n"));
  return { ...result.output, loggers };
}

/** Loggers by their names here. */
function renamed(given: LogConfig["loggers"]) {
  const loggers: LogConfig["loggers"] = {};
  const written: Record<string, string> = {};
  const problems: string[] = [];
  for (const [name, settings] of Object.entries(given)) {
    const meant = meantLogger(name);
    if ("problem" in meant) problems.push(`loggers.${name}: ${meant.problem}`);
    else if (written[meant.name] !== undefined) {
      problems.push(`loggers.${name}: it is ${meant.name} here, as is ${written[meant.name]}. Keep one of them`);
    } else {
      loggers[meant.name] = settings;
      written[meant.name] = name;
    }
  }
  return { loggers, problems };
}

/** What is named and not there. */
function unknownNames({ formatters, filters, handlers, loggers, root }: LogConfig): string[] {
  const problems: string[] = [];
  const expect = (path: string, kind: string, given: readonly string[], table: object) => {
    const there = Object.keys(table);
    for (const name of given) {
      if (there.includes(name)) continue;
      problems.push(
        `${path}: no ${kind} named ${name}; there are ${there.join(", ") || "none"}.${didYouMean(name, there)}`,
      );
    }
  };
  for (const [name, { formatter, filters: used }] of Object.entries(handlers)) {
    expect(`handlers.${name}`, "formatter", formatter === undefined ? [] : [formatter], formatters);
    expect(`handlers.${name}`, "filter", used, filters);
  }
  for (const [path, logger] of [
    ["root", root] as const,
    ...Object.entries(loggers).map(([name, it]) => [`loggers.${name}`, it] as const),
  ]) {
    expect(path, "handler", logger.handlers, handlers);
    expect(path, "filter", logger.filters, filters);
  }
  return problems;
}
