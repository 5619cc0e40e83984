import type { Label } from "mllaunchpad/metrics";

/** One case for scikit-learn, in JSON. */
export interface Case {
  readonly name: string;
  readonly task: "classification" | "regression";
  readonly kind: "probabilities" | "ranks" | "none";
  readonly classes: readonly Label[];
  readonly labels: readonly Label[];
  readonly predictions: readonly Label[];
  readonly scores?: readonly number[] | readonly (readonly number[])[];
  readonly by?: Readonly<Record<string, readonly string[]>>;
}

/** Numbers that are the same in every run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const regions = ["north", "south", "east", 'it\'s "far"'];

interface Shape {
  readonly classes: readonly Label[];
  readonly rows: number;
  readonly kind?: Case["kind"];
  /** Digits that scores are rounded to: few make ties. */
  readonly digits?: number;
  /** The share of the positive one of two classes. */
  readonly share?: number;
  readonly sliced?: boolean;
}

/** Rows of which the model knows something. */
function classified(name: string, seed: number, shape: Shape): Case {
  const { classes, rows, kind = "probabilities", digits = 17, share = 0.5, sliced = false } = shape;
  const next = random(seed);
  const rounded = (value: number) => (digits > 15 ? value : Number(value.toFixed(digits)));
  const made = Array.from({ length: rows }, () => {
    const truth = classes.length === 2 ? Number(next() < share) : Math.floor(next() * classes.length);
    if (classes.length === 2) {
      const logit = (truth === 1 ? 1 : -1) + 3 * (next() - 0.5) + Math.log(share / (1 - share));
      const score = kind === "ranks" ? rounded(logit * 10) : rounded(1 / (1 + Math.exp(-logit)));
      return { truth, scores: score, said: Number(score > (kind === "ranks" ? 0 : 0.5)) };
    }
    const weights = classes.map((_, at) => Math.exp(2 * next() + (at === truth ? 1 : 0)));
    const total = weights.reduce((a, b) => a + b);
    const scores = weights.map((weight) => (kind === "ranks" ? weight : weight / total));
    return { truth, scores, said: scores.indexOf(Math.max(...scores)) };
  });
  const label = (at: number) => classes[at] as Label;
  return {
    name,
    task: "classification",
    kind,
    classes,
    labels: made.map(({ truth }) => label(truth)),
    predictions: made.map(({ said }) => label(said)),
    ...(kind !== "none" && { scores: made.map(({ scores }) => scores) as number[] }),
    ...(sliced && { by: { region: made.map(() => regions[Math.floor(next() ** 2 * 4)] as string) } }),
  };
}

function regressed(name: string, seed: number, rows: number, scale: number): Case {
  const next = random(seed);
  const labels = Array.from({ length: rows }, () => (next() - 0.3) * scale);
  return {
    name,
    task: "regression",
    kind: "none",
    classes: [],
    labels,
    predictions: labels.map((value) => value * 0.9 + (next() + next() + next() - 1.5) * scale * 0.1),
    by: { region: labels.map(() => regions[Math.floor(next() * 4)] as string) },
  };
}

const letters = [..."abcdefghijklmnopqrstuvwx"];

export const cases: readonly Case[] = [
  classified("two classes", 1, { classes: ["no", "yes"], rows: 5000, sliced: true }),
  classified("two classes, few scores", 2, { classes: [0, 1], rows: 3000, digits: 1 }),
  classified("a rare class", 3, { classes: [false, true], rows: 20_000, share: 0.004 }),
  classified("scores that only rank", 4, { classes: ["a", "b"], rows: 1000, kind: "ranks" }),
  classified("no scores", 5, { classes: ["a", "b", "c"], rows: 500, kind: "none", sliced: true }),
  classified("three classes", 6, { classes: ["setosa", "versicolor", "virginica"], rows: 2000, sliced: true }),
  classified("more classes than curves", 7, { classes: letters, rows: 3000 }),
  classified("three classes whose scores only rank", 8, { classes: [1, 2, 3], rows: 700, kind: "ranks" }),
  classified("probabilities on the edges of bins", 9, { classes: ["no", "yes"], rows: 999, digits: 1, share: 0.3 }),
  classified("few rows", 10, { classes: ["no", "yes"], rows: 12, digits: 2 }),
  regressed("small numbers", 11, 3000, 1e-3),
  regressed("large numbers", 12, 800, 4e9),
];
