import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatLocation, isPath, locate } from "../../../src/util/paths.ts";

const base = new URL("file:///project/conf/launchpad.yml");
const windows = new URL("file:///C:/project/launchpad.yml");

describe("a path", () => {
  it.each([
    ["./iris.csv", "file:///project/conf/iris.csv"],
    ["iris.csv", "file:///project/conf/iris.csv"],
    ["../x/y.csv", "file:///project/x/y.csv"],
    ["/abs/y.csv", "file:///abs/y.csv"],
    ["//abs/y.csv", "file:///abs/y.csv"],
    ["a #1?b=100%.csv", "file:///project/conf/a%20%231%3Fb=100%25.csv"],
    ["a%20b", "file:///project/conf/a%2520b"],
    ["~/x", "file:///project/conf/~/x"],
    ["a:b", "file:///project/conf/a:b"],
    ["a\\b", "file:///project/conf/a%5Cb"],
    ["ü.csv", "file:///project/conf/%C3%BC.csv"],
    ["C:\\data\\x #1.csv", "file:///C:/data/x%20%231.csv"],
    ["C:/data/x.csv", "file:///C:/data/x.csv"],
    ["\\\\server\\share\\x.csv", "file://server/share/x.csv"],
    ["folder/", "file:///project/conf/folder/"],
    [".", "file:///project/conf/"],
  ])("%s is a URL beside its file", (path, url) => {
    expect(locate(path, base)).toBe(url);
  });

  it.each([
    ["..\\data\\x.csv", "file:///C:/data/x.csv"],
    ["/abs.csv", "file:///C:/abs.csv"],
    ["D:\\x.csv", "file:///D:/x.csv"],
  ])("%s has the separators of Windows where its file is on Windows", (path, url) => {
    expect(locate(path, windows)).toBe(url);
  });

  it.each([
    "https://example.com/a b?c#d",
    "memory:",
    "s3://bucket/x",
    "r2:BUCKET",
    "file:///abs/x.db?mode=ro",
    "file::memory:",
    "file::memory:?cache=shared",
    "libsql://host",
    "\\\\bad host\\x",
  ])("that is a URL, or cannot be one, is kept: %s", (text) => {
    expect(locate(text, base)).toBe(text);
  });

  it.each([
    ["file:data.db", "file:///project/conf/data.db"],
    ["file:./data.db?mode=ro", "file:///project/conf/data.db?mode=ro"],
    ["file:../data.db", "file:///project/data.db"],
    ["file:/abs/data.db", "file:///abs/data.db"],
  ])("%s is a URL with a relative path, which libSQL takes", (path, url) => {
    expect(locate(path, base)).toBe(url);
  });

  it("leads back to the same file, whatever is in its name", () => {
    const name = fc.string({ unit: "binary", minLength: 1, maxLength: 20 }).filter((text) => !/[/\0]/.test(text));
    fc.assert(
      fc.property(name, (text) => {
        fc.pre(text !== "." && text !== ".." && !/\p{Surrogate}/u.test(text));
        const url = new URL(locate(`./${text}`, base));
        expect(fileURLToPath(url, { windows: false })).toBe(`/project/conf/${text}`);
        expect(formatLocation(url, new URL("file:///project/"))).toBe(`./conf/${text}`);
      }),
      { numRuns: 500 },
    );
  });

  it("is told from a package", () => {
    expect(["./a", "../a", "/a", "C:\\a", ".\\a"].every(isPath)).toBe(true);
    expect(["a", "@scope/a", "a/b", "npm:a"].some(isPath)).toBe(false);
  });
});

describe("a location in a message", () => {
  const cwd = new URL("file:///project/");
  it.each([
    ["file:///project/examples/iris/launchpad.yml", "./examples/iris/launchpad.yml"],
    ["file:///project/a%20b%23.csv", "./a b#.csv"],
    ["file:///elsewhere/x.csv", "/elsewhere/x.csv"],
    ["file:///projects/x.csv", "/projects/x.csv"],
    ["file:///project/", "."],
    ["file:///C:/data/x.csv", "C:/data/x.csv"],
    ["file://server/share/x.csv", "//server/share/x.csv"],
    ["file:///project/100%.csv", "./100%.csv"],
    ["https://me:pw@example.com/x?token=t", "https://***@example.com/x?token=***"],
    ["memory:", "memory:"],
  ])("%s is shown as %s", (url, shown) => {
    expect(formatLocation(url, cwd)).toBe(shown);
  });

  it("is the full path without a current folder", () => {
    expect(formatLocation(new URL("file:///project/x.csv"))).toBe("/project/x.csv");
  });
});
