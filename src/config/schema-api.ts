import * as v from "valibot";
import type { CorsConfig, MetricsConfig } from "./types.ts";
import type { LogConfig } from "./watch/watch-types.ts";

// What can be written in several ways: `lazy` chooses by what was written, so that a message is about that.

/** The longest time that a timer can wait, in seconds. */
const maxTimeoutSeconds = 2_147_483;

const trueOrFalse = v.boolean("true or false");
const text = (expected: string) => v.pipe(v.string(expected), v.nonEmpty(expected));
const variable = v.nullish(text("the name of an environment variable"));
const isMapping = (given: unknown) => typeof given === "object" && given !== null && !Array.isArray(given);

/** An unknown key is a mistake: nothing else reads what is in here. */
const mapping = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, `none but the keys ${Object.keys(entries).join(", ")}`);

const between = (least: number, most: number, expected: string) =>
  v.pipe(v.number(expected), v.finite(expected), v.minValue(least, expected), v.maxValue(most, expected));

/** `api.timeout` */
export const timeout = v.nullish(
  between(
    0.001,
    maxTimeoutSeconds,
    `a number of seconds from 0.001 to ${maxTimeoutSeconds}; leave it out for no limit`,
  ),
);

const origin = v.custom<string>(
  (given) => given === "*" || given === "null" || isOrigin(given),
  'an origin such as "https://app.example.com" (a scheme and a host, nothing behind it), or "*" for all',
);
const origins = v.lazy((given) =>
  Array.isArray(given)
    ? v.pipe(v.array(origin), v.minLength(1, "at least one origin"))
    : v.pipe(
        origin,
        v.transform((one) => [one]),
      ),
);
const corsMapping = v.pipe(
  mapping({
    origins: v.nullish(origins, ["*"]),
    headers: v.nullish(v.array(text("the name of a header"), "a list of the names of headers")),
    max_age: v.nullish(between(0, maxTimeoutSeconds, "a number of seconds")),
    credentials: v.nullish(trueOrFalse, false),
  }),
  v.check(
    ({ origins, credentials }) => !(credentials && origins.includes("*")),
    "origins by name with credentials: true: browsers accept no other",
  ),
);

/** `api.cors`: true, an origin, a list of origins, or a mapping. */
export const cors = v.nullish(
  v.pipe(
    v.lazy((given) => (isMapping(given) ? corsMapping : typeof given === "boolean" ? trueOrFalse : origins)),
    v.transform((given): false | CorsConfig => {
      if (given === false) return given;
      if (given === true) return { origins: ["*"], credentials: false };
      if (Array.isArray(given)) return { origins: given, credentials: false };
      return withoutNulls(given) as CorsConfig;
    }),
  ),
);

const threshold = 1024;

/** `api.compression`: true, or a mapping. */
export const compression = v.nullish(
  v.pipe(
    v.lazy((given) =>
      isMapping(given)
        ? mapping({ threshold: v.nullish(between(0, 2 ** 40, "a number of bytes"), threshold) })
        : trueOrFalse,
    ),
    v.transform((given): false | { threshold: number } =>
      typeof given === "boolean" ? given && { threshold } : given,
    ),
  ),
);

const address = v.custom<string>(
  isAddress,
  'the URL that the numbers are sent to, such as "https://metrics.example.com/api/v1/import/prometheus"',
);

const collector = v.custom<string>(
  isAddress,
  'true, false, or the URL that the numbers are sent to, such as "https://otel.example.com/v1/metrics"',
);

/** `api.response_headers`: names of what every response says. */
export const responseHeaders = v.nullish(
  v.array(
    v.picklist(["request-id", "model"], 'a list of "request-id" and "model", either or none'),
    'a list of "request-id" and "model"',
  ),
);

/** A Worker may go on for 30 seconds after its response. */
const interval = between(1, 25, "a number of seconds from 1 to 25");

/** `api.metrics`: true or false, or a mapping. */
export const metrics = v.nullish(
  v.pipe(
    v.lazy((given) =>
      isMapping(given)
        ? mapping({
            token_var: variable,
            push: v.nullish(address),
            push_token_var: variable,
            push_interval: v.nullish(interval, 10),
            otlp: v.nullish(v.lazy((given) => (typeof given === "boolean" ? trueOrFalse : collector))),
          })
        : trueOrFalse,
    ),
    v.transform((given): false | MetricsConfig =>
      typeof given === "boolean" ? given && { push_interval: 10 } : (withoutNulls(given) as MetricsConfig),
    ),
  ),
);

const share = "a share above 0, and at most 1";
const names = (expected: string) => v.array(text(expected), `a list: ${expected}`);

/** `api.log`: the name of a sink, or a mapping. */
export const predictionLog = v.nullish(
  v.pipe(
    v.lazy((given) =>
      isMapping(given)
        ? mapping({
            sink: text("the name of a data sink"),
            sample: v.nullish(between(Number.MIN_VALUE, 1, share), 1),
            columns: v.nullish(names("the name of an input")),
            redact: v.nullish(names("the path of an input or of a value of predictions")),
            target: v.nullish(text("the path of the value of predictions that comes true")),
            retention_days: v.nullish(between(1, 36_500, "a number of days, at least 1")),
          })
        : text("the name of a data sink"),
    ),
    v.transform(
      (given): LogConfig =>
        typeof given === "string" ? { sink: given, sample: 1 } : (withoutNulls(given) as LogConfig),
    ),
  ),
);

function isOrigin(given: unknown): boolean {
  return typeof given === "string" && URL.canParse(given) && new URL(given).origin === given;
}

/** `{instance}` stands for the id of the isolate. */
function isAddress(given: unknown): boolean {
  return typeof given === "string" && URL.canParse(given) && /^https?:$/.test(new URL(given).protocol);
}

/** A key without a value is one that is missing. */
function withoutNulls(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined));
}
