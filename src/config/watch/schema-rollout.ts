import * as v from "valibot";
import { duration } from "../duration.ts";
import { namePattern, nameRule } from "../names.ts";

const alias = (what: string) => v.pipe(v.string(what), v.regex(namePattern, `${what}: ${nameRule}`));
const percent = "a percentage from 0 to 100";
const condition = 'a condition such as "> 2 * current", "> current" or "> 0.05"';
const isCondition = (given: unknown) =>
  typeof given === "string" && /^\s*>\s*(\d+(\.\d+)?(\s*\*\s*current)?|current)\s*$/.test(given);

const strict = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, `none but the keys ${Object.keys(entries).join(", ")}`);

/** `model.rollout` */
export const rollout = v.nullish(
  v.pipe(
    strict({
      canary: v.nullish(
        strict({
          alias: v.nullish(alias("the alias of the run that is tried"), "next"),
          percent: v.nullish(v.pipe(v.number(percent), v.minValue(0, percent), v.maxValue(100, percent)), 10),
          sticky: v.nullish(v.pipe(v.string(), v.nonEmpty("the name of a header, or key"))),
        }),
      ),
      shadow: v.nullish(alias("the alias of the run that is asked as well")),
      abort_if: v.nullish(
        strict({
          error_rate: v.nullish(v.custom<string>(isCondition, condition)),
          p99: v.nullish(v.custom<string>(isCondition, condition)),
          drift: v.nullish(v.boolean("true or false")),
        }),
      ),
      promote_after: v.nullish(duration(1, 2_592_000)),
    }),
    v.transform((given) => JSON.parse(JSON.stringify(given, (_, value) => value ?? undefined))),
  ),
);
