import { describe, expect, it } from "vitest";
import { progressText } from "../../../runtimes/cli/scoring/show-progress.ts";

describe("progress of a table", () => {
  it.each([
    [{ rows: 0, before: 0, seconds: 0, share: undefined }, "0 rows, 0 a second"],
    [{ rows: 20_000, before: 0, seconds: 4, share: 0.4 }, "20000 rows, 5000 a second, 40%, 6 s left"],
    [{ rows: 30_000, before: 10_000, seconds: 4, share: 0.01 }, "30000 rows, 5000 a second, 1%, 10 min left"],
    [{ rows: 100, before: 0, seconds: 1, share: 0.001 }, "100 rows, 100 a second, 0%, 17 min left"],
    [{ rows: 500, before: 0, seconds: 1, share: 1 }, "500 rows, 500 a second, 100%"],
  ])("says %j", (so, text) => expect(progressText(so)).toBe(text));
});
