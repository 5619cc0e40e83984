import { describe, expect, it } from "vitest";
import { sniffSeparator } from "../../../runtimes/init/sniff-csv.ts";

describe("what separates cells", () => {
  for (const [text, kind] of [
    ["a,b\n1,2\n", { type: "csv", options: {} }],
    ["a;b\n1,5;2\n", { type: "euro_csv", options: {} }],
    ["a;b\n1;x\n", { type: "euro_csv", options: {} }],
    ["a;b\r\n1.5;2\r\n", { type: "csv", options: { sep: ";" } }],
    ["a;b\n1.500,5;2\n", { type: "euro_csv", options: {} }],
    ["a\tb\n1,5\t2;3\n", { type: "csv", options: { sep: "\t" } }],
    ['"a;b;c",d\n1,2\n', { type: "csv", options: {} }],
    ['\uFEFF\n"a\n,b,";c\n1;2\n', { type: "euro_csv", options: {} }],
    ["a|b\n1|2\n", { type: "csv", options: { sep: "|" } }],
    ['name,note\n"x","a; b; c; d; e"\n', { type: "csv", options: {} }],
    ["a", { type: "csv", options: {} }],
    ["", { type: "csv", options: {} }],
  ] as const) {
    it(`is seen in ${JSON.stringify(text)}`, () => expect(sniffSeparator(text)).toEqual(kind));
  }
});
