import * as v from "valibot";

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Reads a length of time.
 *
 * @param given Seconds, or a number with its unit: `500ms`, `30s`, `15m`, `2h`, `7d`.
 *
 * @returns Seconds; undefined for anything else.
 */
export function parseDuration(given: unknown): number | undefined {
  if (typeof given === "number") return Number.isFinite(given) && given >= 0 ? given : undefined;
  if (typeof given !== "string") return undefined;
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)$/.exec(given) ?? [];
  return amount === undefined ? undefined : Number(amount) * (units[unit] ?? 0);
}

/**
 * Schema of a length of time, which becomes seconds.
 *
 * @param least The shortest, in seconds.
 * @param most The longest.
 *
 * @returns The schema.
 */
export function duration(least: number, most: number) {
  const expected = `a time from ${least} s to ${most} s, in seconds or with a unit: 30s, 15m, 2h, 7d`;
  return v.pipe(
    v.custom<number | string>((given) => {
      const seconds = parseDuration(given);
      return seconds !== undefined && seconds >= least && seconds <= most;
    }, expected),
    v.transform((given) => parseDuration(given) ?? least),
  );
}
