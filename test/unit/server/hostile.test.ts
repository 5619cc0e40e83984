import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge, requests } from "../../support/hostile.ts";

describe("hostile requests", () => {
  // test/fuzz sends many more.
  it("get an answer, never a 5xx, and every error is a well-formed problem", async () => {
    const seen = new Set<number>();
    const send = async (request: Request) => void seen.add(await judge(request));
    await fc.assert(fc.asyncProperty(requests, send), { numRuns: 4000 });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    // The generator must reach every kind of answer, or this test promises less than it says.
    expect([...seen].sort()).toEqual([200, 204, 400, 404, 405, 413, 415]);
  });
});
