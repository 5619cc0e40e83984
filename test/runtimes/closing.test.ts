import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { run, runtimes } from "./runtime.ts";

const script = fileURLToPath(new URL("closing.mjs", import.meta.url));
const keptAlive = fileURLToPath(new URL("closing-kept-alive.mjs", import.meta.url));
const entries: Record<string, string> = { "Node 20": "node", Node: "node", Bun: "bun", Deno: "deno" };

describe("a server that is closed", () => {
  for (const [name, command] of Object.entries(runtimes)) {
    it(`cuts off what is not answered in time, on ${name}`, async () => {
      const result = await run([...command, script, entries[name] ?? ""]);
      expect(result, result.stderr).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^(cut off|answered 503)\n$/),
      });
    });
  }

  // Bun and Deno end such a connection themselves.
  for (const name of ["Node 20", "Node"]) {
    it(`answers what has arrived on a connection that was kept alive, on ${name}`, async () => {
      const result = await run([...(runtimes[name] ?? []), keptAlive, entries[name] ?? ""]);
      expect(result, result.stderr).toMatchObject({ code: 0, stdout: "HTTP/1.1 200 OK\n" });
    });
  }
});
