import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { commonFiles } from "../../../runtimes/init/common-files.ts";
import { readDataFile } from "../../../runtimes/init/read-data.ts";
import { openSink, temporaryFile } from "../../support/entries.ts";
import { testHost } from "../../support/host.ts";

const rows = [
  { size: 1, price: 2 },
  { size: 3, price: 4 },
];

it("a project with an Excel workbook has the package that reads it", () => {
  const answers = { name: "a", runtime: "node", language: "typescript", files: [], platform: undefined } as const;
  const needs = (type: string) =>
    JSON.parse(commonFiles({ ...answers, table: { target: "b", path: `./d.${type}`, type } })["package.json"] ?? "");
  expect(needs("excel").dependencies).toHaveProperty("hucre");
  expect(needs("csv").dependencies).not.toHaveProperty("hucre");
});

describe("the data file of a new project", () => {
  it.each([
    ["json", ".json"],
    ["json", ".json.gz"],
    ["excel", ".xlsx"],
    ["jsonl", ".jsonl"],
    ["jsonl", ".ndjson.zip"],
    ["parquet", ".parquet"],
    ["csv", ".csv.zip"],
  ])("is %s by the end of its name: %s", async (type, ending) => {
    const path = temporaryFile(ending);
    await (await openSink({ type, path })).write(rows);
    const file = await readDataFile(testHost(), path);
    expect([file.type, file.options, file.frame.toJSON()]).toEqual([type, {}, rows]);
  });

  it("is an array of JSON that other programs wrote, with its fault told by its place", async () => {
    const pretty = temporaryFile(".json", JSON.stringify(rows, null, 2));
    expect((await readDataFile(testHost(), pretty)).frame.toJSON()).toEqual(rows);
    await expect(readDataFile(testHost(), temporaryFile(".json", '{"size": 1}'))).rejects.toThrow("array");
    const book = fileURLToPath(new URL("../data/excel/fixtures/book.xlsx", import.meta.url));
    await expect(readDataFile(testHost(), book)).rejects.toThrow("Give it a dtype in the options");
  });
});
