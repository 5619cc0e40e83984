import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { testHost } from "../../../support/host.ts";
import { openCsv, openCsvSink, temporaryFile } from "./files.ts";

interface Case {
  readonly id: string;
  readonly type: string;
  readonly text: string;
  readonly columns?: readonly string[];
  readonly dtypes?: readonly string[];
  readonly rows?: readonly (readonly unknown[])[];
  readonly written?: string;
  readonly error?: string;
}

const text = readFileSync(new URL("../../../parity/csv-cases.json", import.meta.url), "utf8");
// JSON.parse would round an integer past 2^53; pandas did not.
const cases: Case[] = JSON.parse(text.replace(/(?<=[[\s,])(\d{16,})(?=[\s,\]])/g, '"$1"'));

/** What Launchpad does otherwise on purpose. */
const different: Readonly<Record<string, Partial<Case>>> = {
  leading_zero: { dtypes: ["object"], rows: [["01234"], ["99999"]], written: "zip\n01234\n99999\n" },
};

const names: Readonly<Record<string, string>> = { str: "object" };
const shown = (value: unknown) => {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return String(value);
  return Number.isNaN(value) ? null : value;
};

describe("a CSV text is to Launchpad what it is to pandas", () => {
  it.each(cases.map((one) => [one.id, { ...one, ...different[one.id] }] as const))("%s", async (_, one) => {
    const host = testHost();
    const source = await openCsv(temporaryFile(one.text), { type: one.type }, host);
    if (one.error !== undefined) {
      const line = one.error.startsWith("line") ? one.error : "empty";
      await expect(source.frame()).rejects.toMatchObject({
        code: "DATA_INVALID",
        message: expect.stringContaining(line),
      });
      return;
    }
    const frame = await source.frame();
    expect(frame.names).toEqual(one.columns);
    expect(frame.names.map((name) => names[frame.dtypes[name] ?? ""] ?? frame.dtypes[name])).toEqual(one.dtypes);
    expect([...frame.rows()].map((row) => Object.values(row).map(shown))).toEqual(one.rows);

    const target = temporaryFile();
    await (await openCsvSink(target, {}, host)).write(frame);
    expect(readFileSync(target, "utf8")).toBe(one.written);
  });
});
