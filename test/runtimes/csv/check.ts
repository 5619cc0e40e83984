/*
 * Reads CSV on the runtime that runs it, and prints what came of it: the recorded cases of pandas, and numbers and files
 * from generators, which are the same for every runtime. Engines differ in how they read numbers, decode text and
 * optimise loops over bytes.
 */
import fc from "fast-check";
import { type CsvOptions, readCsvOptions } from "../../../src/data/csv/options.ts";
import { frameDigest } from "../../../src/data/frame/digest.ts";
import recorded from "../../parity/csv-cases.json" with { type: "json" };
import { cases, sizes } from "../../unit/data/csv/generators.ts";
import { texts } from "../../unit/data/csv/number-texts.ts";
import { plain, read, readTexts } from "../../unit/data/csv/reading.ts";

const seed = 20_261_124;
const encoder = new TextEncoder();
const json = (value: unknown) =>
  JSON.stringify(value, (_, cell) => (typeof cell === "bigint" || Number.isNaN(cell) ? `${cell}` : cell));

const tables: string[] = [];
for (const { type, text } of recorded as readonly { type: string; text: string }[]) {
  const reading = read(encoder.encode(text), [7], readCsvOptions("", type, {}));
  tables.push(
    await reading.then(
      (frame) => {
        const digest = frameDigest();
        digest.add(frame);
        return `${json(plain(frame))} ${digest.end()}`;
      },
      (error) => error.message,
    ),
  );
}

const all = fc.sample(texts, { seed, numRuns: 50_000 });
const { values, stops } = readTexts(all);
const left = new Set(stops);
const wrong = all.filter((text, i) => !left.has(i) && !Object.is(values[i], Number(text)));

const differences: string[] = [];
const files = fc.sample(fc.tuple(cases, sizes), { seed, numRuns: 2000 });
for (const [{ text, options }, cuts] of files) {
  const outcome = (how: CsvOptions, sizes: readonly number[]) =>
    read(encoder.encode(text), sizes, how).then(plain, (error) => String(error.message));
  const found = await outcome({ ...options, skiprows: 0 }, cuts);
  const general = await outcome({ ...options, skiprows: new Set() }, [Number.POSITIVE_INFINITY]);
  if (json(found) !== json(general)) differences.push(json({ text, cuts, general, found }));
}

console.log(json({ tables, wrong, left: left.size, differences }));
