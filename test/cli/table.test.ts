import { describe, expect, it } from "vitest";
import { expandCommand } from "../../runtimes/cli/expand-command.ts";
import { sparkline, table } from "../../runtimes/cli/table.ts";

describe("table", () => {
  it("aligns columns, numbers to the right", () => {
    expect(
      table(
        ["model", "runs", "note"],
        [
          ["iris", 3, "best"],
          ["a-long-name", 120, undefined],
        ],
      ),
    ).toBe("model        runs  note\niris            3  best\na-long-name   120\n");
  });
});

describe("sparkline", () => {
  it("goes from the lowest to the highest, with gaps", () => {
    expect(sparkline([0, 0.5, 1])).toBe("▁▅█");
    expect(sparkline([3, undefined, 1, "x", 2])).toBe("█ ▁ ▅");
    expect(sparkline([7, 7])).toBe("▄▄");
    expect(sparkline([])).toBe("");
  });
});

describe("expandCommand", () => {
  const commands = [
    { name: "train" },
    { name: "models", commands: [{ name: "show" }, { name: "promote" }, { name: "prune" }] },
    { name: "api" },
    { name: "generate-raml", alias: "generate" },
    { name: "generate-openapi" },
    { name: "migrate", givesWay: true },
  ];
  const cases: [string, string][] = [
    ["t", "train"],
    ["-c x t --fresh", "-c x train --fresh"],
    ["m s iris", "models show iris"],
    ["models", "models"],
    ["mi x", "migrate x"],
    ["models --json", "models --json"],
    ["models -c x pro a", "models -c x promote a"],
    ["--help", "--help"],
    ["-vc x t", "-vc x train"],
    ["-vl x -vc y t", "-vl x -vc y train"],
    ["g petals", "generate-raml petals"],
    ["gen petals", "generate-raml petals"],
    ["gene petals", "generate-raml petals"],
    ["generate-o petals", "generate-openapi petals"],
  ];
  for (const [given, expected] of cases) {
    it(`makes "${expected}" of "${given}"`, () => {
      expect(expandCommand(given.split(" "), commands).join(" ")).toBe(expected);
    });
  }

  it("says what is ambiguous, unknown, or nearly right", () => {
    expect(() => expandCommand(["models", "pr"], commands)).toThrow("it may be promote or prune. Write pro or pru.");
    expect(() => expandCommand(["generate-"], commands)).toThrow("Write generate-r or generate-o.");
    expect(() => expandCommand(["models", "shwo"], commands)).toThrow("Did you mean show?");
    expect(() => expandCommand(["serve"], commands)).toThrow(
      "Expected one of train, models, api, generate-raml, generate-openapi, migrate.",
    );
  });
});
