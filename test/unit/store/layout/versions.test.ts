import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVersions } from "../../../../src/store/layout/versions.ts";

const ascending = (...versions: string[]) => {
  for (const [at, low] of versions.entries()) {
    for (const high of versions.slice(at + 1)) {
      expect(compareVersions(low, high), `${low} < ${high}`).toBeLessThan(0);
      expect(compareVersions(high, low), `${high} > ${low}`).toBeGreaterThan(0);
    }
  }
};

describe("the order of versions", () => {
  it("counts numbers as numbers", () => ascending("0.0.2", "0.0.10", "0.1.0", "1.9.0", "1.10.0", "2.0.0", "10.0.0"));

  it("has pre-releases below their release, as in section 11 of Semantic Versioning", () =>
    ascending(
      "1.0.0-0.3.7",
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
      "1.0.1-rc.1",
    ));

  it("takes missing numbers for zero, and more than three numbers", () =>
    ascending("0.9", "1.0.0-rc.1", "1", "1.0.0.1", "1.1", "1.1.0.0.7", "2"));

  it("has pre-releases of other schools below their release", () =>
    ascending("1.0a1", "1.0rc1", "1.0.0", "1.0.1.dev3", "1.0.1"));

  it("has what is no version below all versions", () => ascending("champion", "final", "0.0.0-alpha", "0.0.1"));

  it("counts numbers of any length", () =>
    ascending("1.9007199254740993", "1.9007199254740994", "1.10000000000000000000"));

  it("ignores a leading v, except between versions that are otherwise the same", () => {
    ascending("v1.0.0", "1.0.1", "v1.0.2");
    expect(compareVersions("v1.0.0", "1.0.0")).not.toBe(0);
  });

  const part = fc.constantFrom("0", "1", "2", "10", "01", "rc", "rc1", "alpha", "x", "", "v");
  const version = fc
    .array(part, { minLength: 1, maxLength: 6 })
    .chain((parts) =>
      fc
        .array(fc.constantFrom(".", "-", "_", ""), { minLength: parts.length, maxLength: parts.length })
        .map((marks) => parts.map((text, at) => text + marks[at]).join("")),
    );

  it("is total: the same only for the same text", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
        expect(compareVersions(a, b) === 0).toBe(a === b);
      }),
      { numRuns: 2000 },
    );
  });

  it("is transitive", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [low, middle, high] = [a, b, c].sort(compareVersions) as [string, string, string];
        expect(compareVersions(low, middle)).toBeLessThanOrEqual(0);
        expect(compareVersions(middle, high)).toBeLessThanOrEqual(0);
        expect(compareVersions(low, high)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });
});
