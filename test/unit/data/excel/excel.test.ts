import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createRegistry } from "../../../../src/data/access/registry.ts";
import { openUnnamedSource } from "../../../../src/data/access/unnamed.ts";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import type { Cell } from "../../../../src/data/types.ts";
import { silentLogger } from "../../../../src/log.ts";
import { openSink, openSource, temporaryFile } from "../../../support/entries.ts";
import { testHost } from "../../../support/host.ts";
import cases from "./fixtures/pandas.json" with { type: "json" };

const at = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const read = async (name: string, options: object = {}) =>
  (await openSource({ type: "excel", path: at(name), options })).frame();
const failing = (action: Promise<unknown>) =>
  action.then(
    (value) => expect.fail(`not refused: ${String(value)}`),
    (error: Error & { code: string }) => `${error.code} ${error.message}`,
  );

/** As JSON has it, and as pandas does: a column of booleans with gaps is one of numbers there. */
function plain(value: Cell): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "boolean") return Number(value);
  return typeof value === "number" && Number.isNaN(value) ? null : value;
}

describe("an Excel workbook", () => {
  it.each(cases.map((one) => [`${one.file} ${JSON.stringify(one.options)}`, one] as const))(
    "is read as pandas reads it: %s",
    async (_, { file, options, names, columns }) => {
      const frame = await read(file, options);
      expect(frame.names).toEqual(names);
      for (const [i, name] of names.entries()) {
        expect([name, Array.from(frame.column(name) as ArrayLike<Cell>, plain)]).toEqual([name, columns[i]]);
      }
    },
  );

  it("keeps texts of digits, and asks for the dtype of a column of several types", async () => {
    expect(await failing(read("book.xlsx"))).toMatch(/^DATA_INVALID .*"mixed".*Give it a dtype in the options/);
    const { columns, dtypes } = await read("book.xlsx", { usecols: ["code", "flag"] });
    expect(columns.code).toEqual(["007", "08", null, null]);
    expect(dtypes).toEqual({ flag: "bool", code: "str" });
    expect((await read("book.xlsx", { sheet_name: 1, header: 1 })).dtypes).toEqual({
      q: "int64",
      r: "float64",
      s: "str",
    });
  });

  it("is read in batches, without an index, and by the end of its name", async () => {
    const options = { sheet_name: "Second", header: 1, index_col: "s" };
    const source = await openSource({ type: "excel", path: at("book.xlsx"), options });
    const sizes: number[] = [];
    for await (const batch of source.batches({ size: 2 })) sizes.push(batch.length);
    expect(sizes).toEqual([2, 2, 1]);
    expect((await source.frame()).names).toEqual(["q", "r"]);
    const opening = { types: createRegistry([], silentLogger), host: testHost(), where: "--from" };
    const named = await openUnnamedSource({ path: at("book.xlsx"), options }, opening);
    expect((await named.frame()).length).toBe(5);
  });

  it("says what is wrong", async () => {
    expect(await failing(read("book.xlsx", { sheet_name: "Secnd" }))).toMatch(
      /no sheet "Secnd"; did you mean "Second"/,
    );
    expect(await failing(read("book.xlsx", { usecols: ["nme"] }))).toMatch(/^COLUMN_UNKNOWN .*did you mean "name"/);
    expect(await failing(read("book.xlsx", { dtype: { code: "int64", mixed: "str" } }))).toMatch(
      /column "code" row 4: int64 expected \(options\.dtype\), found nothing/,
    );
    expect(await failing(read("book.xlsx", { sheetname: 1 }))).toMatch(/^CONFIG_INVALID .*did you mean "sheet_name"/);
    expect(await failing(read("book.xlsx", { converters: {} }))).toMatch(/convert it in the model/);
    for (const wrong of ["a,b\n1,2\n", "", readFileSync(at("book.xlsx")).subarray(0, 3000)]) {
      const path = temporaryFile(".xlsx", wrong);
      expect(await failing((await openSource({ type: "excel", path })).frame())).toMatch(
        /^DATA_INVALID .*an Excel workbook \(\.xlsx\) expected/,
      );
    }
  });

  it("holds what a sink wrote", async () => {
    const path = temporaryFile(".xlsx");
    const frame = createFrame(
      {
        i: [1, -5, 3],
        f: [1.5, null, -1e300],
        l: [2n ** 63n - 1n, 0n, 5n],
        b: [true, false, null],
        s: ["Ähre 🌾", null, "=1+1"],
        d: [new Date("2024-02-29T12:30:00.125Z"), null, new Date("2400-01-01")],
      },
      { i: "int64" },
    );
    await (await openSink({ type: "excel", path, options: { sheet_name: "told" } })).write(frame);
    const again = await (
      await openSource({ type: "excel", path, options: { sheet_name: "told", dtype: { l: "str" } } })
    ).frame();
    const cells = (one: typeof frame) =>
      one.names.map((name) => Array.from(one.column(name) as ArrayLike<Cell>, plain));
    expect(cells(again)).toEqual(cells(frame).map((column, at) => (at === 2 ? column.map(String) : column)));
    expect(again.dtypes).toEqual({ ...frame.dtypes, l: "str" });
    expect(await failing(openSink({ type: "excel", path, options: { sheet_name: "a/b" } }))).toMatch(/at most 31/);
    expect(await failing(openSink({ type: "excel", path, options: { index: true } }))).toMatch(/no index is written/);
  });
});
