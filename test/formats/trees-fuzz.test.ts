import { describe, expect, it } from "vitest";
import { isLaunchpadError } from "../../src/errors.ts";
import { catboost } from "../../src/model/types/catboost/index.ts";
import type { FeatureValue, ModelFormat } from "../../src/model/types/file-model.ts";
import { lightgbm } from "../../src/model/types/lightgbm/index.ts";
import { xgboost } from "../../src/model/types/xgboost/index.ts";
import { corpusOf, fileOf } from "./corpus.ts";
import { mutated, seeded } from "./mutate.ts";

const files = 20_000;
const bases = 25;

/** The smallest files of a corpus: most mutations of these hit what matters. */
const smallest = (format: string): Uint8Array[] => {
  const corpus = corpusOf(format);
  const all = [...corpus.names, ...corpus.refused].map((name) => fileOf(corpus.entry(name)));
  return all.sort((a, b) => a.length - b.length).slice(0, bases);
};

const rows: readonly FeatureValue[] = [Number.NaN, 0, 1e30, -2.5, 3, 1e-40];

const formats: readonly ModelFormat[] = [xgboost, lightgbm, catboost];

describe.each(formats)("20,000 altered files of $name", (format) => {
  it("are read and predict, or are one clear error with the place in the file", { timeout: 240_000 }, async () => {
    const random = seeded(14);
    const own = smallest(format.name);
    const counts: Record<string, number> = { read: 0 };
    let slowest = 0;
    for (let i = 0; i < files; i++) {
      const file = mutated(own[i % own.length] as Uint8Array, random);
      const start = performance.now();
      try {
        const model = await format.read(file, "altered");
        const row = model.features.map((feature, f) =>
          feature.kind === "text" ? "red" : (rows[f % rows.length] ?? null),
        );
        try {
          model.predictRow(row);
          model.contributions?.(row);
        } catch (error) {
          // A category that became another: the row is refused, by name.
          expect(isLaunchpadError(error) && error.code).toBe("ARGUMENTS_INVALID");
        }
        counts.read = (counts.read ?? 0) + 1;
      } catch (error) {
        if (!isLaunchpadError(error)) throw error;
        expect(error.message).toMatch(/^altered: .+: expected .+, found .+\. .+/s);
        expect(error.message.length).toBeLessThan(1200);
        counts[error.code] = (counts[error.code] ?? 0) + 1;
      }
      slowest = Math.max(slowest, performance.now() - start);
    }
    console.info(`${format.name}: ${JSON.stringify(counts)}, the slowest ${slowest.toFixed(0)} ms`);
    expect(Object.keys(counts).sort()).toEqual(["MODEL_FILE_INVALID", "MODEL_FILE_UNSUPPORTED", "read"]);
    expect(counts.MODEL_FILE_INVALID).toBeGreaterThan(files / 4);
    expect(slowest).toBeLessThan(5000);
  });
});
