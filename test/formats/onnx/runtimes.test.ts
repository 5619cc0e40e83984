import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const bin = at("../../../node_modules/.bin/");

/** Commands of runtimes that run TypeScript as it is. */
const commands: readonly (readonly string[])[] = [
  [at("../../../node_modules/node/bin/node")],
  [`${bin}bun`, "run"],
  [`${bin}deno`, "run", "--allow-read", "--no-check"],
];

it("answers with the same bits on Node, Bun and Deno", () => {
  const [expected, ...others] = commands.map(([command = "", ...more]) =>
    execFileSync(command, [...more, at("./digest.ts")], { encoding: "utf8" }),
  );
  expect(expected).toMatch(/^\d{5,} numbers [0-9a-f]{64}\n$/);
  expect(others).toEqual([expected, expected]);
});
