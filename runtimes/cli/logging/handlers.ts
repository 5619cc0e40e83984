import {
  array,
  boolean,
  check,
  type InferOutput,
  integer,
  literal,
  minValue,
  nullish,
  number,
  type ObjectEntries,
  optional,
  picklist,
  pipe,
  strictObject,
  strictTuple,
  string,
  transform,
  union,
  variant,
} from "valibot";
import { didYouMean } from "../../../src/internal.ts";
import { levelNumbers } from "./levels.ts";

/**
 * Creates the schema of a mapping that says what is wrong with a key.
 *
 * @param entries Schemas of its keys.
 *
 * @returns The schema.
 */
export function mapping<Entries extends ObjectEntries>(entries: Entries) {
  const names = Object.keys(entries).filter((name) => name !== "class");
  return strictObject(entries, ({ expected, path, input }) => {
    const key = String(path?.at(-1)?.key ?? "");
    if (expected === "Object") return `expected a mapping, found ${JSON.stringify(input)}`;
    if (expected !== "never") return "is missing";
    const factory = key === "()" ? "; a factory is a function of Python, which is not called here" : "";
    return `unknown key${factory}. Expected one of ${names.join(", ") || "none"}.${didYouMean(key, names)}`;
  });
}

const found = ({ input }: { readonly input: unknown }) => `found ${JSON.stringify(input)}`;

/** A number that a level has, or its name. */
export const level = pipe(
  union([string(), pipe(number(), integer(), minValue(0))], (issue) => `${found(issue)}, expected a level`),
  check(
    (given) => typeof given === "number" || Object.hasOwn(levelNumbers, given.toUpperCase()),
    (issue) => `${found(issue)}, expected one of ${Object.keys(levelNumbers).join(", ")}`,
  ),
  transform((given) => (typeof given === "number" ? given : (levelNumbers[given.toUpperCase()] ?? 0))),
);

/** Names of other parts of a configuration. */
export const names = array(
  string((issue) => `${found(issue)}, expected a name (in quotation marks, where YAML takes it for something else)`),
  (issue) => `${found(issue)}, expected a list of names`,
);
const text = string((issue) => `${found(issue)}, expected a text`);
const flag = boolean((issue) => `${found(issue)}, expected true or false`);
const count = pipe(
  number((issue) => `${found(issue)}, expected a whole number`),
  integer((issue) => `${found(issue)}, expected a whole number`),
  minValue(0, (issue) => `${found(issue)}, expected 0 or more`),
);
const oneOf = <const Names extends readonly string[]>(choices: Names) =>
  picklist(choices, (issue) => `${found(issue)}, expected one of ${choices.join(", ")}`);

const common = { level: optional(level), formatter: optional(text), filters: optional(names, []) };
// What only tunes how Python opens a file: text is UTF-8, and every line is written when it is logged.
const file = { filename: text, encoding: nullish(text), delay: optional(flag), errors: nullish(text) };

/** Forms of the time at which a file is taken away: seconds, minutes, hours, days, midnight, a day of the week. */
export const whens = ["S", "M", "H", "D", "MIDNIGHT", "W0", "W1", "W2", "W3", "W4", "W5", "W6"] as const;

/** Facilities of syslog, RFC 5424, by the names that Python gives them. */
export const facilities =
  "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp security console solaris-cron local0 local1 local2 local3 local4 local5 local6 local7".split(
    " ",
  );

const socket = "ext://socket.";

const handlers = [
  mapping({
    class: literal("logging.StreamHandler"),
    // The standard output belongs to results, so a stream is always the standard error stream.
    stream: optional(oneOf(["ext://sys.stdout", "ext://sys.stderr"])),
    ...common,
  }),
  mapping({ class: literal("logging.NullHandler"), ...common }),
  mapping({ class: literal("logging.FileHandler"), mode: optional(oneOf(["a", "w"]), "a"), ...file, ...common }),
  mapping({
    class: literal("logging.handlers.WatchedFileHandler"),
    mode: optional(oneOf(["a", "w"]), "a"),
    ...file,
    ...common,
  }),
  mapping({
    class: literal("logging.handlers.RotatingFileHandler"),
    mode: optional(oneOf(["a", "w"]), "a"),
    maxBytes: optional(count, 10 * 1024 * 1024),
    backupCount: optional(count, 5),
    ...file,
    ...common,
  }),
  mapping({
    class: literal("logging.handlers.TimedRotatingFileHandler"),
    when: optional(
      pipe(
        text,
        transform((given) => given.toUpperCase()),
        oneOf(whens),
      ),
      "H",
    ),
    interval: optional(pipe(count, minValue(1, "expected 1 or more")), 1),
    backupCount: optional(count, 0),
    utc: optional(flag, false),
    ...file,
    ...common,
  }),
  mapping({
    class: literal("logging.handlers.SysLogHandler"),
    address: optional(
      strictTuple([text, count], ({ input }) =>
        typeof input === "string"
          ? `found the socket ${input}, which takes datagrams that JavaScript has none of. Expected [HOST, PORT]; what goes to ` +
            "the error stream is taken into its journal by systemd"
          : `${found({ input })}, expected [HOST, PORT]`,
      ),
      ["localhost", 514],
    ),
    facility: optional(
      union(
        [
          pipe(
            count,
            check((given) => given < 24, "expected 0 to 23"),
          ),
          pipe(
            text,
            transform((given) => given.replace(/^ext:\/\/logging\.handlers\.SysLogHandler\.LOG_/, "").toLowerCase()),
            oneOf(facilities),
            transform((name) => facilities.indexOf(name)),
          ),
        ],
        (issue) => `${found(issue)}, expected one of ${facilities.join(", ")}`,
      ),
      "user",
    ),
    socktype: optional(oneOf([`${socket}SOCK_DGRAM`, `${socket}SOCK_STREAM`]), `${socket}SOCK_DGRAM`),
    ident: optional(text, ""),
    append_nul: optional(flag, true),
    ...common,
  }),
] as const;

/** The classes of handlers that there are. */
export const handlerClasses = handlers.map(({ entries }) => entries.class.literal);

/** Schema of a handler. */
export const handler = variant("class", handlers, ({ input, path }) => {
  const owner = path?.at(-1)?.input;
  if (typeof owner !== "object" || owner === null)
    return `found ${JSON.stringify(input)}, expected a mapping with a class`;
  const all = handlerClasses.join(", ");
  if ("()" in owner)
    return `found a factory, "()": a function of Python, which is not called here. Expected one of ${all}`;
  if (input === undefined) return `is missing. Expected one of ${all}`;
  return `found ${JSON.stringify(input)}, expected one of ${all}.${didYouMean(input, handlerClasses)}`;
});

/** One place that a log goes to. */
export type LogHandler = InferOutput<typeof handler>;
