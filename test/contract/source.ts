import { describe, expect, it } from "vitest";
import { concatFrames } from "../../src/data/frame.ts";
import type { Frame, Source } from "../../src/data/types.ts";

/** What a type of source is tested with. */
export interface SourceSetup {
  /** A source that holds the rows below, under its name. */
  open(options?: { readonly signal?: AbortSignal; readonly empty?: boolean }): Promise<Source>;
  /** A source of the same type whose file, table or server is not there. */
  missing(): Promise<Source>;
  /** The bytes of the source, for a type that has a raw form. */
  readonly raw?: string;
}

/** The rows that every source is filled with; `empty` has the same columns and no rows. */
export const contractRows = [
  { name: "setosa", petals: 3, width: 0.5 },
  { name: "versicolor, 100 %", petals: 4, width: null },
  { name: null, petals: 5, width: 1.25 },
  { name: 'a "quoted" one', petals: -6, width: -2 },
  { name: "Ähre 🌾", petals: 7, width: 1e-7 },
];

const plain = (frame: Frame) => JSON.parse(JSON.stringify(frame));

/**
 * Checks that a type of source does what every source promises.
 *
 * @param type What is tested.
 * @param setup How to open it.
 */
export function sourceContract(type: string, setup: SourceSetup): void {
  describe(`a ${type} source`, () => {
    it("gives all rows as one frame with dtypes", async () => {
      const frame = await (await setup.open()).frame();
      expect(plain(frame)).toEqual(contractRows);
      expect(frame.dtypes).toEqual({ name: "str", petals: "int64", width: "float64" });
    });

    it("gives the same frame every time", async () => {
      const source = await setup.open();
      expect(plain(await source.frame())).toEqual(plain(await source.frame()));
    });

    it("gives batches of the size asked for, the last one shorter", async () => {
      const frames: Frame[] = [];
      for await (const frame of (await setup.open()).batches({ size: 2 })) frames.push(frame);
      expect(frames.map((frame) => frame.length)).toEqual([2, 2, 1]);
      expect(plain(concatFrames(frames))).toEqual(contractRows);
    });

    it("gives rows one by one, and can be left early", async () => {
      const seen: unknown[] = [];
      for await (const row of (await setup.open()).rows()) {
        seen.push(row.name);
        if (seen.length === 2) break;
      }
      expect(seen).toEqual(["setosa", "versicolor, 100 %"]);
    });

    it("keeps the columns when there are no rows", async () => {
      const source = await setup.open({ empty: true });
      const frames: Frame[] = [];
      for await (const frame of source.batches()) frames.push(frame);
      expect(frames.map((frame) => [frame.length, frame.names])).toEqual([[0, ["name", "petals", "width"]]]);
      expect((await source.frame()).names).toEqual(["name", "petals", "width"]);
    });

    it("refuses a size that is not a whole number from 1", async () => {
      const source = await setup.open();
      for (const size of [0, 1.5, Number.NaN]) {
        expect(() => source.batches({ size })).toThrowError(expect.objectContaining({ code: "DATA_INVALID" }));
      }
    });

    it("refuses parameters that it does not have", async () => {
      await expect((await setup.open()).frame({ nobody: 1 })).rejects.toMatchObject({
        code: "DATA_INVALID",
        message: expect.stringContaining("nobody"),
      });
    });

    it("says what is not there", async () => {
      await expect(setup.missing().then((source) => source.frame())).rejects.toMatchObject({
        code: expect.stringMatching(/^DATA_(UNAVAILABLE|INVALID)$/),
        message: expect.stringContaining("missing"),
      });
    });

    it("stops when its signal is aborted", async () => {
      const source = await setup.open({ signal: AbortSignal.abort() });
      await expect(source.frame()).rejects.toMatchObject({ code: "ABORTED" });
    });

    if (setup.raw !== undefined) {
      it("gives its text and bytes as they are", async () => {
        const source = await setup.open();
        expect(await source.text()).toBe(setup.raw);
        expect(new TextDecoder().decode(await source.bytes())).toBe(setup.raw);
        expect(await new Response(await source.stream()).text()).toBe(setup.raw);
      });
    } else {
      it("says that it has no text", async () => {
        await expect((await setup.open()).text()).rejects.toMatchObject({
          code: "DATA_INVALID",
          message: expect.stringContaining("frame()"),
        });
      });
    }
  });
}
