import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { run, runtimes } from "./runtime.ts";

const script = fileURLToPath(new URL("garbage.mjs", import.meta.url));

describe("what a request leaves behind", () => {
  // A function that is written where it is assigned to a property made it 700 bytes, and each took along what it led to.
  it("is collected at once", async () => {
    const { code, stdout, stderr } = await run([...(runtimes.Node ?? []), script]);
    expect(code, stderr).toBe(0);
    expect(Number(stdout)).toBeLessThan(150);
  });
});
