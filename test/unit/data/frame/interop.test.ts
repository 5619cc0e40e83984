import { readFileSync } from "node:fs";
import { dot } from "@observablehq/plot";
import { tableFromArrays, tableFromIPC, tableToIPC } from "@uwdata/flechette";
import { op, table } from "arquero";
import { describe, expect, it } from "vitest";
import { testHost } from "../../../support/host.ts";
import { openCsv, temporaryFile } from "../csv/files.ts";

const large = 2n ** 53n + 1n;
const text = [
  "name,width,petals,id,open,day",
  `Ähre,1.5,5,${large},True,2024-01-02`,
  "NA,,6,1,False,2024-02-29",
  "Rose 🌹,2.5,5,-3,True,2024-01-02",
  "Ähre,0.25,0,7,NA,NA",
  "",
].join("\n");

const source = await openCsv(temporaryFile(text), { options: { dtype: { day: "datetime" } } }, testHost());
const frame = await source.frame();
const names = ["Ähre", null, "Rose 🌹", "Ähre"];
const days = ["2024-01-02", "2024-02-29", "2024-01-02"].map((day) => new Date(day));
const readme = readFileSync(new URL("../../../../docs/guide/2.data.md", import.meta.url), "utf8");

/** What README shows must be what is tested here. */
const shown = (line: string) => expect(readme).toContain(line);

/** What Plot has read, before it draws. */
function channelsOf(mark: unknown): Record<string, unknown[]> {
  interface Initial {
    readonly data: unknown[];
    readonly channels: Record<string, { readonly value: ArrayLike<unknown> }>;
  }
  const { data, channels } = (mark as { initialize(): Initial }).initialize();
  expect(data).toHaveLength(frame.length);
  return Object.fromEntries(Object.entries(channels).map(([name, { value }]) => [name, Array.from(value)]));
}

describe("a frame is taken as it is", () => {
  it("by Arquero", () => {
    shown("const flowers = table(frame.columns);");
    const flowers = table(frame.columns);
    expect([flowers.numRows(), flowers.columnNames()]).toEqual([4, frame.names]);
    expect(flowers.array("name")).toEqual(names);
    expect(flowers.array("id")).toEqual([large, 1n, -3n, 7n]);
    expect(flowers.get("day", 1)).toEqual(days[1]);
    const counts = flowers.groupby("name").rollup({ count: op.count(), petals: op.sum("petals") });
    expect(counts.orderby("name").objects()).toEqual([
      { name: null, count: 1, petals: 6 },
      { name: "Rose 🌹", count: 1, petals: 5 },
      { name: "Ähre", count: 2, petals: 5 },
    ]);
    expect(flowers.filter((row: { width: number }) => row.width > 1).array("petals")).toEqual([5, 5]);
  });

  it("by Observable Plot", () => {
    shown('const marks = dot({ length: frame.length }, { x: frame.column("width"), y: frame.column("petals") });');
    const marks = dot({ length: frame.length }, { x: frame.column("width"), y: frame.column("petals") });
    const labels = dot(
      { length: frame.length },
      { x: frame.column("day"), y: frame.column("id"), fill: frame.column("name") },
    );
    expect(channelsOf(marks)).toEqual({ x: [1.5, Number.NaN, 2.5, 0.25], y: [5, 6, 5, 0] });
    expect(channelsOf(labels)).toEqual({ x: [...days, null], y: [large, 1n, -3n, 7n], fill: names });
  });

  it("by Arrow", () => {
    shown("const arrow = tableFromArrays(frame.columns as Record<string, unknown[]>);");
    const arrow = tableFromArrays(frame.columns as Record<string, unknown[]>);
    const bytes = tableToIPC(arrow, {});
    const back = tableFromIPC(bytes as Uint8Array, { useBigInt: true, useDate: true });
    expect([back.numRows, back.names]).toEqual([4, frame.names]);
    expect(back.getChild("name").toArray()).toEqual(names);
    expect(back.getChild("width").toArray()).toEqual(Float64Array.of(1.5, Number.NaN, 2.5, 0.25));
    expect(back.getChild("id").toArray()).toEqual(BigInt64Array.of(large, 1n, -3n, 7n));
    expect(back.getChild("open").toArray()).toEqual([true, false, true, null]);
    expect(back.getChild("day").toArray()).toEqual([...days, null]);
  });
});
