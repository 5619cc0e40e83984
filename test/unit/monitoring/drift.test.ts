import { describe, expect, it } from "vitest";
import { createDriftCounter, mergeCounted } from "../../../src/monitoring/drift/counted.ts";
import { reportDrift } from "../../../src/monitoring/drift/report.ts";
import { buildProfile } from "../../../src/monitoring/profile/build.ts";
import type { Profile } from "../../../src/monitoring/profile/types.ts";

/** How many windows without drift each size gets; the promise is about 1,000 (LAUNCHPAD_DRIFT_WINDOWS=1000, some minutes). */
const windows = Number(process.env.LAUNCHPAD_DRIFT_WINDOWS ?? 100);

/** mulberry32, with normal values by Box and Muller. */
function randomness(seed: number) {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

const colours = ["red", "green", "blue", "black", "white", "pink", "grey", "gold"];

/** Rows as requests are: numbers of several shapes, categories of which some are rare, values that may be missing. */
function rowsOf({ uniform, normal }: ReturnType<typeof randomness>, n: number, shift = 0) {
  return Array.from({ length: n }, () => {
    const size = normal() + shift;
    const colour = colours[Math.floor(uniform() ** 3 * colours.length)];
    const probability = 1 / (1 + Math.exp(-size));
    return {
      args: {
        size,
        price: Math.exp(normal()),
        rooms: Math.floor(uniform() * 5),
        discount: uniform() < 0.9 ? 0 : uniform(),
        age: uniform() < 0.1 ? null : Math.round(20 + 60 * uniform()),
        colour,
        rare: uniform() < 0.01,
        note: `note ${uniform()}`,
      },
      prediction: { label: size > 0 ? "yes" : "no", probabilities: { no: 1 - probability, yes: probability } },
    };
  });
}

const inputs = ["size", "price", "rooms", "discount", "age", "colour", "rare", "note"];

function profileOf(rows: ReturnType<typeof rowsOf>): Profile {
  return buildProfile({
    groups: [{ source: "train", rows: rows.map(({ args }) => args), seen: rows.length }],
    inputs,
    predictions: rows.slice(0, 1000).map(({ prediction }) => prediction),
  });
}

function reportOf(profile: Profile, rows: ReturnType<typeof rowsOf>) {
  const counter = createDriftCounter(profile);
  for (const { args, prediction } of rows) counter.add(args, prediction);
  return reportDrift(profile, counter.contents());
}

describe("the profile of a training", () => {
  const profile = profileOf(rowsOf(randomness(1), 5000));

  it("knows numbers, categories and what is neither", () => {
    expect(Object.entries(profile.inputs).map(([name, { kind }]) => `${name} ${kind}`)).toEqual([
      "size number",
      "price number",
      "rooms number",
      "discount number",
      "age number",
      "colour category",
      "rare category",
      "note presence",
    ]);
    expect(profile.probabilities?.outputs).toEqual(["probabilities.no", "probabilities.yes"]);
  });

  it("is of a few kilobytes, and holds no text that only few rows have", () => {
    const text = JSON.stringify(profile);
    expect(text.length).toBeLessThan(6000);
    expect(text).not.toContain("note 0.");
    const names = [...Array.from({ length: 40 }, () => "often"), "Ada Lovelace", "Alan Turing"];
    const few = buildProfile({
      groups: [{ source: "x", rows: names.map((name) => ({ name })), seen: 42 }],
      inputs: ["name"],
      predictions: [],
    });
    expect(few.inputs.name).toMatchObject({ values: ["often"], counts: [40], other: 2 });
  });
});

describe("drift", () => {
  it.each([100, 1000, 100_000])(
    "raises less than one false alarm in a hundred windows of %i rows",
    { timeout: 900_000 },
    (n) => {
      const random = randomness(n);
      // A sample of its own for every few windows: none may be lucky.
      const count = n === 100_000 && windows < 1000 ? Math.max(3, Math.round(windows / 20)) : windows;
      let alarms = 0;
      let profile = profileOf(rowsOf(random, 5000));
      const seen: string[] = [];
      for (let window = 0; window < count; window += 1) {
        if (window % 10 === 9) profile = profileOf(rowsOf(random, 5000));
        const { drifted } = reportOf(profile, rowsOf(random, n));
        if (drifted.length > 0) alarms += 1;
        seen.push(...drifted);
      }
      // Of few windows, one may be unlucky.
      expect(alarms, seen.join(", ")).toBeLessThan(Math.max(2, count / 100));
    },
  );

  it("finds a shift of half a standard deviation within 500 rows, and says where", () => {
    const random = randomness(7);
    const profile = profileOf(rowsOf(random, 5000));
    let found = 0;
    for (let window = 0; window < 50; window += 1) {
      const { inputs: fields, drifted } = reportOf(profile, rowsOf(random, 500, 0.5));
      if (fields.size?.drifted.includes("distribution")) found += 1;
      expect(drifted.filter((name) => inputs.includes(name) && name !== "size")).toEqual([]);
    }
    expect(found).toBe(50);
  });

  it("finds what is missing, new, or out of range", () => {
    const random = randomness(9);
    const profile = profileOf(rowsOf(random, 5000));
    const rows = rowsOf(random, 300).map(({ args, prediction }, row) => ({
      args: {
        ...args,
        price: row % 20 === 0 ? 1e6 : args.price,
        colour: row % 20 === 0 ? "mauve" : args.colour,
        age: row % 2 === 0 ? null : args.age,
        rooms: row % 20 === 0 ? -1 : args.rooms,
      },
      prediction,
    }));
    const { inputs: fields } = reportOf(profile, rows);
    expect(fields.price?.drifted).toContain("above");
    expect(fields.rooms?.drifted).toContain("below");
    expect(fields.colour?.drifted).toContain("new_values");
    expect(fields.age?.drifted).toContain("missing");
    expect(fields.note?.drifted).toEqual([]);
  });

  it("adds what several processes counted to what one would have counted", () => {
    const random = randomness(11);
    const profile = profileOf(rowsOf(random, 2000));
    const rows = rowsOf(random, 900);
    const whole = createDriftCounter(profile);
    for (const { args, prediction } of rows) whole.add(args, prediction);
    const parts = [0, 1, 2].map((part) => {
      const counter = createDriftCounter(profile);
      for (const { args, prediction } of rows.slice(part * 300, part * 300 + 300)) counter.add(args, prediction);
      return JSON.parse(JSON.stringify(counter.contents()));
    });
    const merged = mergeCounted(parts);
    expect(merged.inputs).toEqual(whole.contents().inputs);
    expect(merged.outputs).toEqual(whole.contents().outputs);
    for (const [at, value] of (merged.probabilities ?? []).entries()) {
      expect(value).toBeCloseTo(whole.contents().probabilities?.[at] ?? Number.NaN, 9);
    }
  });

  it("sees that a classifier is less sure than it was", () => {
    const random = randomness(13);
    const profile = profileOf(rowsOf(random, 3000));
    const rows = rowsOf(random, 1000).map((row) => ({
      ...row,
      prediction: { ...row.prediction, probabilities: { no: 0.45, yes: 0.55 } },
    }));
    const report = reportOf(profile, rows);
    expect(report.performance?.estimated.accuracy).toBeCloseTo(0.55, 9);
    expect(report.drifted).toContain("estimated accuracy");
  });
});
