import * as v from "valibot";
import { duration } from "../duration.ts";

const text = (expected: string) => v.pipe(v.string(expected), v.nonEmpty(expected));

const whole = (least: number, expected: string) =>
  v.pipe(v.number(expected), v.integer(expected), v.minValue(least, expected));

const probability = "a probability above 0, and at most 0.2";
const aCommand = 'a list of a command and its arguments, such as ["./page-somebody", "--now"]';
const aWebhook = 'a URL such as "https://hooks.example.com/drift"';

const alert = v.pipe(
  v.strictObject(
    {
      webhook: v.nullish(v.custom<string>(isWebUrl, aWebhook)),
      webhook_var: v.nullish(text("the name of an environment variable")),
      command: v.nullish(v.pipe(v.array(text(aCommand), aCommand), v.minLength(1, aCommand))),
      after: v.nullish(whole(1, "a whole number of windows, at least 1"), 1),
    },
    "none but the keys webhook, webhook_var, command, after",
  ),
  v.check(({ webhook, webhook_var, command }) => Boolean(webhook ?? webhook_var ?? command), "webhook or command"),
  v.transform((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))),
);

const week = 604_800;

/** The section `drift`. */
export const drift = v.object({
  profile: v.nullish(v.boolean("true or false"), true),
  inputs: v.nullish(v.array(text("the name of an input"), "a list of the names of inputs")),
  window: v.nullish(duration(1, week), 3600),
  alpha: v.nullish(
    v.pipe(
      v.number(probability),
      v.check((given) => given > 0 && given <= 0.2, probability),
    ),
    0.001,
  ),
  min_rows: v.nullish(whole(1, "a whole number of predictions, at least 1"), 30),
  alert: v.nullish(alert),
});

function isWebUrl(given: unknown): boolean {
  return typeof given === "string" && URL.canParse(given) && /^https?:$/.test(new URL(given).protocol);
}
