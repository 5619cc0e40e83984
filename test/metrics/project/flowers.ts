import { defineModel } from "mllaunchpad";
import { evaluation } from "mllaunchpad/metrics";
import * as v from "valibot";

const probability = (cut: number, length: number) => 1 / (1 + Math.exp(cut - length));

export default defineModel({
  async train({ source }) {
    const lengths = (await source("flowers").frame()).column("length") as Float64Array;
    return { cut: lengths.reduce((sum, one) => sum + one, 0) / lengths.length };
  },
  async test({ cut }, { source }) {
    const frame = await source("held out").frame();
    const scores = Float64Array.from(frame.column("length") as Float64Array, (one) => probability(cut, one));
    return evaluation({
      labels: frame.column("kind"),
      predictions: Array.from(scores, (score) => (score > 0.5 ? "wide|long" : "short")),
      scores,
      by: { garden: frame.column("garden") },
    });
  },
  input: v.object({
    length: v.pipe(v.number(), v.minValue(0), v.maxValue(10), v.description("Length of a petal, in cm")),
    garden: v.optional(v.picklist(["north", "south"])),
  }),
  output: v.object({ kind: v.string(), probabilities: v.record(v.string(), v.number()) }),
  predict({ cut }, { length }) {
    const long = probability(cut, length);
    return { kind: long > 0.5 ? "wide|long" : "short", probabilities: { short: 1 - long, "wide|long": long } };
  },
});
