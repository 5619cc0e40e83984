import { inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isLaunchpadError } from "../../src/errors.ts";
import type { FeatureValue, FileModel, Predictions } from "../../src/model/types/file-model.ts";
import { skops } from "../../src/model/types/skops/index.ts";
import { columnsOf, type Expected, expectations, fileOf } from "../formats/skops/corpus.ts";
import { storedZip } from "../formats/skops/stored-zip.ts";

const rounds = 20_000;
const maxSeconds = 5;
/** One model of each way to be read, small enough to be read 20,000 times. */
const names = [
  "logistic-three",
  "tree-classes",
  "tree-two",
  "boosting-exponential",
  "histogram-categories",
  "columns",
  "svc-three",
  "neighbours-alike",
  "gaussian-bayes",
  "categorical-bayes",
  "network-logistic",
  "calibrated-isotonic",
  "text-tfidf",
  "polynomials-alone",
  "onehot-infrequent",
  "ordinal-missing",
  "target-three",
  "imputed",
  "quantiles",
  "stacking",
].map((name) => `${name}-19`);

/** Numbers from a seed, the same on every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Files of an archive that is known to be sound. */
function filesOf(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = new Map<string, Uint8Array>();
  let at = view.getUint32(bytes.length - 6, true);
  while (view.getUint32(at, true) === 0x02014b50) {
    const length = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length));
    const offset = view.getUint32(at + 42, true);
    const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
    const packed = bytes.subarray(start, start + view.getUint32(at + 20, true));
    files.set(name, view.getUint16(at + 10, true) === 8 ? new Uint8Array(inflateRawSync(packed)) : packed.slice());
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

type Random = ReturnType<typeof randomOf>;
const words = [
  "null",
  "true",
  "-1",
  "0",
  "1e308",
  "NaN",
  '""',
  "[]",
  "{}",
  "99999999999",
  '"x"',
  "2147483648",
  "[[[]]]",
];

/** Bytes with some of them changed, left out, repeated, or cut off. */
function altered(bytes: Uint8Array, random: Random): Uint8Array {
  if (random(4) === 0) return bytes.slice(0, random(bytes.length));
  const out = bytes.slice();
  for (let left = 1 + random(4); left > 0; left--) {
    const at = random(out.length);
    if (random(3) === 0) out.copyWithin(at, random(out.length), random(out.length));
    else out[at] = random(2) === 0 ? random(256) : (out[at] ?? 0) ^ (1 << random(8));
  }
  return out;
}

/** Schema with values that were changed, exchanged or left out, still JSON. */
function alteredSchema(text: string, random: Random): string {
  let schema = text;
  for (let left = 1 + random(2); left > 0; left--) {
    const strings = [
      ...schema.matchAll(
        /"content": ("(?:[^"\\]|\\.)*")|"__class__": ("[^"]*")|"__loader__": ("[^"]*")|"file": ("[^"]*")/g,
      ),
    ];
    const chosen = strings[random(strings.length)];
    const other = strings[random(strings.length)];
    if (!chosen || !other) return schema;
    const value = chosen.slice(1).find(Boolean) ?? "";
    const key = chosen[0].slice(0, chosen[0].length - value.length);
    const made =
      random(3) === 0
        ? JSON.stringify(words[random(words.length)])
        : random(4) === 0
          ? (words[random(words.length)] ?? "null").replace("NaN", "null")
          : (other.slice(1).find(Boolean) ?? "null");
    schema = schema.slice(0, chosen.index) + key + made + schema.slice(chosen.index + chosen[0].length);
  }
  return schema;
}

interface Sample {
  readonly bytes: Uint8Array;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly row: readonly FeatureValue[];
  readonly prediction: Predictions;
}

async function sampleOf(expected: Expected): Promise<Sample> {
  const bytes = fileOf(expected.name);
  const row = columnsOf(expected).map((column) => (column[0] ?? null) as FeatureValue);
  const prediction = (await skops.read(bytes, expected.name)).predictRow(row);
  return { bytes, files: filesOf(bytes), row, prediction };
}

/** Row of a model that may have other features than before. */
const fitting = (model: FileModel, row: readonly FeatureValue[]) =>
  model.features.map(({ kind, categories }, at) =>
    at < row.length ? (row[at] ?? null) : kind === "text" ? "x" : (categories?.[0] ?? 0),
  );

describe("files of skops that were altered", () => {
  it("are one clear error, or read as what they are", { timeout: 600_000 }, async () => {
    const samples = await Promise.all(
      expectations()
        .filter(({ name }) => names.includes(name))
        .map(sampleOf),
    );
    expect(samples.length).toBe(names.length);
    const random = randomOf(20_261_128);
    const counts = { archive: { refused: 0, same: 0 }, within: { refused: 0, argument: 0, predicted: 0 } };
    const wrong: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const { bytes, files, row, prediction } = samples[round % samples.length] as Sample;
      const outside = random(3) === 0;
      let file: Uint8Array;
      if (outside) file = altered(bytes, random);
      else {
        const changed = new Map(files);
        const list = [...files.keys()];
        const name = random(2) === 0 ? "schema.json" : (list[random(list.length)] as string);
        const before = files.get(name) as Uint8Array;
        const after =
          name === "schema.json"
            ? new TextEncoder().encode(alteredSchema(new TextDecoder().decode(before), random))
            : altered(before, random);
        file = storedZip(changed.set(name, after));
      }
      const start = performance.now();
      try {
        const model = await skops.read(file, "altered.skops");
        const found = model.predictRow(fitting(model, row));
        if (!outside) counts.within.predicted++;
        else if (JSON.stringify(found) === JSON.stringify(prediction)) counts.archive.same++;
        else wrong.push(`round ${round}: another prediction of a file whose checksums hold`);
      } catch (error) {
        const code = isLaunchpadError(error) ? error.code : "";
        if (code === "ARGUMENTS_INVALID" && !outside) counts.within.argument++;
        else if (/^MODEL_FILE_/.test(code) && /altered\.skops(?!.*cannot be read)/.test(String(error)))
          counts[outside ? "archive" : "within"].refused++;
        else
          wrong.push(`round ${round}: ${error instanceof Error ? (error.stack ?? "").slice(0, 400) : String(error)}`);
      }
      const seconds = (performance.now() - start) / 1000;
      if (seconds > maxSeconds) wrong.push(`round ${round}: ${seconds} s`);
    }
    console.log(`${rounds} altered files of ${samples.length} models: ${JSON.stringify(counts)}`);
    expect(wrong.slice(0, 8)).toEqual([]);
    expect(counts.archive.refused).toBeGreaterThan(rounds / 5);
    expect(counts.within.refused).toBeGreaterThan(rounds / 10);
  });
});
