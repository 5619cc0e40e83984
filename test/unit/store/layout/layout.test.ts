import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aliasKey,
  checkAlias,
  checkNames,
  contentsKey,
  createId,
  currentKey,
  isId,
  metaKey,
  metricsKey,
  parseKey,
  promotionKey,
  timeOf,
} from "../../../../src/store/layout/layout.ts";

const time = Date.UTC(2026, 10, 23, 18, 4, 5, 123);
const run = "20261123T180405123Z-1a2b3c4d";

describe("keys", () => {
  it("are those of the architecture", () => {
    expect(contentsKey("iris", "0.0.2", run)).toBe(`iris:0.0.2:${run}:contents`);
    expect(metaKey("iris", "0.0.2", run)).toBe(`iris:0.0.2:${run}:meta.json`);
    expect(metricsKey("iris", "0.0.2", run, run)).toBe(`iris:0.0.2:${run}:metrics:${run}.json`);
    expect(currentKey("iris", "0.0.2")).toBe("iris:0.0.2:current.json");
    expect(promotionKey("iris", "0.0.2", run)).toBe(`iris:0.0.2:promotions:${run}.json`);
    expect(aliasKey("iris", "champion")).toBe("iris:aliases:champion.json");
  });

  it("lead back to what they were made of", () => {
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
    const version = name.filter((text) => !["latest", "backups", "aliases"].includes(text));
    fc.assert(
      fc.property(name, version, (name, version) => {
        const of = { name, version, run };
        expect(parseKey(contentsKey(name, version, run))).toEqual({ kind: "contents", ...of });
        expect(parseKey(metaKey(name, version, run))).toEqual({ kind: "meta", ...of });
        expect(parseKey(metricsKey(name, version, run, run))).toEqual({ kind: "metrics", ...of, id: run });
        expect(parseKey(currentKey(name, version))).toEqual({ kind: "current", name, version });
        expect(parseKey(promotionKey(name, version, run))).toEqual({ kind: "promotion", name, version, id: run });
        expect(parseKey(aliasKey(name, version))).toEqual({ kind: "alias", name, alias: version });
      }),
    );
  });

  it("of somebody else lead nowhere", () => {
    const foreign = [
      "",
      "iris",
      "iris:0.0.2",
      "iris:0.0.2:other.json",
      "iris:0.0.2:current.json:x",
      "iris:aliases:champion",
      "iris:aliases:latest.json",
      "iris:aliases:.json",
      "iris:aliases:a:b.json",
      `iris:latest:promotions:${run}.json`,
      "iris:0.0.2:promotions:x.json",
      `iris:0.0.2:promotions:${run}`,
      `iris:0.0.2:promotions:${run}.json:x`,
      `iris:0.0.2:${run}`,
      `iris:0.0.2:${run}:other`,
      `iris:0.0.2:${run}:contents:x`,
      `iris:0.0.2:${run}:metrics`,
      `iris:0.0.2:${run}:metrics:${run}`,
      `iris:0.0.2:${run}:metrics:x.json`,
      `iris:0.0.2:${run}:other:${run}.json`,
      `iris:0.0.2:${run}:metrics:${run}.json:x`,
      "iris:0.0.2:20261123T180405123Z:contents",
      "iris:0.0.2:20261399T990405123Z-1a2b3c4d:contents",
      `..:0.0.2:${run}:contents`,
      `__proto__:0.0.2:${run}:contents`,
      `:0.0.2:${run}:contents`,
    ];
    for (const key of foreign) expect(parseKey(key), key).toBeUndefined();
  });
});

describe("the name of a run", () => {
  it("is the time, and eight digits", () => {
    expect(createId(time)).toMatch(/^20261123T180405123Z-[0-9a-f]{8}$/);
    expect(timeOf(createId(time))).toBe(time);
    expect(isId(createId(0))).toBe(true);
  });

  it("sorts by time", () => {
    const day = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });
    fc.assert(
      fc.property(day, day, (a, b) => {
        fc.pre(a < b);
        expect(createId(a) < createId(b)).toBe(true);
      }),
    );
  });

  it("differs within a millisecond", () => {
    expect(new Set(Array.from({ length: 100 }, () => createId(time))).size).toBe(100);
  });

  it("is not any other text", () => {
    for (const text of ["", "..", "current.json", run.toUpperCase(), `${run}0`, ` ${run}`, `${run}\n`]) {
      expect(isId(text), text).toBe(false);
    }
  });
});

describe("names and versions", () => {
  const message = (name: string, version: string) => {
    try {
      checkNames(name, version);
    } catch (error) {
      expect(error).toMatchObject({ code: "CONFIG_INVALID" });
      return String(error);
    }
    return undefined;
  };

  it("are letters, digits, dots, underscores and dashes", () => {
    for (const text of ["iris", "my_model", "a.b-C", "1", "0.0.2", "2026-11-23", "x".repeat(200)]) {
      expect(message(text, text)).toBeUndefined();
    }
    expect(message("latest", "1.0.0")).toBeUndefined();
  });

  it("are told both when both are wrong, with the rule", () => {
    expect(message("a/b", "..")).toBe(
      'LaunchpadError: [store] model.name: found "a/b"; model.version: found "..". A name or version of a model is 1 to 200 ' +
        'letters, digits, ".", "_" or "-", begins with a letter or digit, and a version is none of latest, backups, aliases. ' +
        "Change it in the configuration.",
    );
  });

  it("are shown safely and shortly", () => {
    expect(message("x".repeat(10_000), "1")?.length).toBeLessThan(400);
    expect(message("\u001b[31m\n", "1")).toContain('"\\u001b[31m\\n"');
  });

  it("have a rule for aliases, too", () => {
    for (const alias of ["champion", "current", "1.0"]) expect(checkAlias(alias)).toBeUndefined();
    for (const alias of ["", "..", "a/b", "latest", "aliases", "x".repeat(201)]) {
      expect(() => checkAlias(alias)).toThrow("An alias is 1 to 200 letters");
    }
  });

  it("may have a meaning for a version", () =>
    expect(message("iris", "latest")).toContain('"latest", which has a meaning'));
});
