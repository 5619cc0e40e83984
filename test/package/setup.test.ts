import { readFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { run, runtimes } from "../runtimes/runtime.ts";
import { programAt, programs } from "../support/programs.ts";

const script = fileURLToPath(new URL("../support/setup.ts", import.meta.url));
const path = process.env.PATH;
afterEach(() => {
  process.env.PATH = path;
});

describe("npm run setup", () => {
  it("says of every program whether it is there, and installs nothing where all are", async () => {
    const { code, stdout } = await run([...(runtimes.Node ?? []), script]);
    const lines = stdout.trim().split("\n");
    expect(lines.slice(0, -1).map((line) => line.split(/ +/)[1])).toEqual(Object.keys(programs));
    expect([code, lines.at(-1)]).toEqual([0, "Everything is there. Nothing was installed."]);
  });

  it("names what is missing where it cannot install it", async () => {
    const { code, stdout } = await run([...(runtimes.Node ?? []), script], { env: { PATH: "/nowhere" } });
    expect(code).toBe(1);
    expect(stdout).toContain("missing redis-server     for the model store in Redis");
    expect(stdout).toMatch(/call what is missing redis-server openssl .*prometheus r-base-core/);
  });

  it("is what .ci/run calls, as the README says it", async () => {
    const text = await readFile(new URL("../../.ci/run", import.meta.url), "utf8");
    expect(text).toContain("\nnpm ci && npm run setup && npm test ");
    expect(text).not.toContain("apt-get");
  });

  it("is named by a test that lacks a program, with the line that installs it", () => {
    process.env.PATH = "/nowhere";
    expect(() => programAt("redis-server")).toThrow(
      "This test needs redis-server, which is not installed: npm run setup, or sudo apt-get install redis-server",
    );
  });
});
