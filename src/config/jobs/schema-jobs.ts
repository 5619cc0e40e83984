import * as v from "valibot";
import type { JobsConfig } from "./job-types.ts";

/** Values of the keys that nobody wrote. */
export const jobDefaults = { retention: 86_400, max_running: 4, max_waiting: 100, timeout: 3600, lost_after: 30 };

const text = (expected: string) => v.pipe(v.string(expected), v.nonEmpty(expected));
const between = (least: number, most: number, expected: string) =>
  v.pipe(v.number(expected), v.finite(expected), v.minValue(least, expected), v.maxValue(most, expected));
const whole = (least: number, most: number, expected: string) =>
  v.pipe(between(least, most, expected), v.integer(expected));

const originForm = /^(https?):\/\/(\*\.)?((?:[a-z0-9_-]+\.)*[a-z0-9_-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;
const webhookHost = v.custom<string>(
  (given) => typeof given === "string" && originForm.test(given) && URL.canParse(given.replace("://*.", "://")),
  'an origin such as "https://hooks.example.com", or "https://*.example.com" for all below a name',
);

const webhooks = v.strictObject(
  {
    hosts: v.pipe(v.array(webhookHost, "a list of origins"), v.minLength(1, "at least one origin")),
    secret_var: text("the name of an environment variable, which holds whsec_ and the secret in base64"),
  },
  "none but the keys hosts, secret_var",
);

/** The longest time that a timer can wait, in seconds. */
const maxSeconds = 2_147_483;
const seconds = (least: number) => `a number of seconds from ${least} to ${maxSeconds}`;

/** `api.jobs` */
export const jobs = v.nullish(
  v.pipe(
    v.looseObject(
      {
        location: v.nullish(text("the folder or URL where jobs are kept, such as ./jobs")),
        retention: v.nullish(between(1, 315_360_000, "a number of seconds, at least 1"), jobDefaults.retention),
        max_running: v.nullish(whole(1, 10_000, "a whole number from 1 to 10000"), jobDefaults.max_running),
        max_waiting: v.nullish(whole(0, 1_000_000, "a whole number from 0 to 1000000"), jobDefaults.max_waiting),
        timeout: v.nullish(between(0.001, maxSeconds, seconds(0.001)), jobDefaults.timeout),
        lost_after: v.nullish(between(1, maxSeconds, seconds(1)), jobDefaults.lost_after),
        queue: v.nullish(text("the name of the binding of a queue")),
        webhooks: v.nullish(webhooks),
      },
      'a section with at least "location"',
    ),
    v.check(
      (given) => given.location != null || typeof given.location_var === "string",
      'the key location, such as "location: ./jobs"',
    ),
    v.transform(
      (given) =>
        Object.fromEntries(Object.entries(given).filter(([, value]) => value != null)) as unknown as JobsConfig,
    ),
  ),
);
