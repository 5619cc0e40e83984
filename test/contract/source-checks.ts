import { concatFrames } from "../../src/data/frame/frame.ts";
import type { Frame, Source } from "../../src/data/types.ts";
import { type Check, equal, refused } from "./check.ts";

/** What a type of source is tested with. */
export interface SourceSetup {
  /** A source that holds the rows below, under its name. */
  open(options?: { readonly signal?: AbortSignal; readonly empty?: boolean }): Promise<Source>;
  /** A source of the same type whose file, table or server is not there. */
  missing(): Promise<Source>;
  /** The bytes of the source, for a type that has a raw form. */
  readonly raw?: string | Uint8Array;
}

/** The rows that every source is filled with; `empty` has the same columns and no rows. */
export const contractRows = [
  { name: "setosa", petals: 3, width: 0.5 },
  { name: "versicolor, 100 %", petals: 4, width: null },
  { name: null, petals: 5, width: 1.25 },
  { name: 'a "quoted" one', petals: -6, width: -2 },
  { name: "Ähre 🌾", petals: 7, width: 1e-7 },
];

/** Checks of the bytes of a source. */
export const rawChecks: readonly Check<SourceSetup & { readonly raw: string | Uint8Array }>[] = [
  {
    name: "gives its text and bytes as they are",
    async run({ open, raw }) {
      const source = await open();
      const bytes = typeof raw === "string" ? new TextEncoder().encode(raw) : raw;
      equal(Array.from(await source.bytes()), Array.from(bytes));
      equal(Array.from(new Uint8Array(await new Response(await source.stream()).arrayBuffer())), Array.from(bytes));
      if (typeof raw === "string") equal(await source.text(), raw);
    },
  },
  {
    name: "stops its bytes when its signal is aborted",
    run: ({ open }) => refused(async () => (await open({ signal: AbortSignal.abort() })).bytes(), /^ABORTED$/),
  },
  {
    name: "says which bytes are not there",
    run: ({ missing }) => refused(async () => (await missing()).bytes(), /^DATA_UNAVAILABLE$/, /missing/),
  },
];

/** Checks of a source that has bytes only. */
export const rawOnlyChecks: readonly Check<SourceSetup>[] = [
  {
    name: "says that it has no rows",
    async run({ open }) {
      const source = await open();
      await refused(() => source.frame(), /^DATA_INVALID$/, /text\(\)/);
      await refused(() => source.batches()[Symbol.asyncIterator]().next(), /^DATA_INVALID$/, /text\(\)/);
    },
  },
];

/** Checks of a source that has rows and columns. */
export const frameChecks: readonly Check<SourceSetup>[] = [
  {
    name: "gives all rows as one frame with dtypes",
    async run({ open }) {
      const frame = await (await open()).frame();
      equal(frame, contractRows);
      equal(frame.dtypes, { name: "str", petals: "int64", width: "float64" });
    },
  },
  {
    name: "gives the same frame every time",
    async run({ open }) {
      const source = await open();
      equal(await source.frame(), await source.frame());
    },
  },
  {
    name: "gives batches of the size asked for, the last one shorter",
    async run({ open }) {
      const frames: Frame[] = [];
      for await (const frame of (await open()).batches({ size: 2 })) frames.push(frame);
      equal(
        frames.map((frame) => frame.length),
        [2, 2, 1],
      );
      equal(concatFrames(frames), contractRows);
    },
  },
  {
    name: "gives rows one by one, and can be left early",
    async run({ open }) {
      const seen: unknown[] = [];
      for await (const row of (await open()).rows()) {
        seen.push(row.name);
        if (seen.length === 2) break;
      }
      equal(seen, ["setosa", "versicolor, 100 %"]);
    },
  },
  {
    name: "keeps the columns when there are no rows",
    async run({ open }) {
      const source = await open({ empty: true });
      const frames: Frame[] = [];
      for await (const frame of source.batches()) frames.push(frame);
      equal(
        frames.map((frame) => [frame.length, frame.names]),
        [[0, ["name", "petals", "width"]]],
      );
      equal((await source.frame()).names, ["name", "petals", "width"]);
    },
  },
  {
    name: "refuses a size that is not a whole number from 1",
    async run({ open }) {
      const source = await open();
      for (const size of [0, 1.5, Number.NaN]) await refused(() => source.batches({ size }), /^DATA_INVALID$/);
    },
  },
  {
    name: "refuses parameters that it does not have",
    run: ({ open }) => refused(async () => (await open()).frame({ nobody: 1 }), /^DATA_INVALID$/, /nobody/),
  },
  {
    name: "says what is not there",
    run: ({ missing }) => refused(async () => (await missing()).frame(), /^DATA_(UNAVAILABLE|INVALID)$/, /missing/),
  },
  {
    name: "stops when its signal is aborted",
    run: ({ open }) => refused(async () => (await open({ signal: AbortSignal.abort() })).frame(), /^ABORTED$/),
  },
];

/** Checks of a source that has no bytes. */
export const noRawChecks: readonly Check<SourceSetup>[] = [
  {
    name: "says that it has no text",
    run: ({ open }) => refused(async () => (await open()).text(), /^DATA_INVALID$/, /frame\(\)/),
  },
];
