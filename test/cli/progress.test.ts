import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createProgress } from "../../runtimes/cli/progress.ts";

const clear = "\r\u001b[K";

let written: string[];
const terminal = (isTTY: boolean) => ({ isTTY, write: (text: string) => written.push(text) });

beforeEach(() => {
  written = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("progress", () => {
  it("says what is being done and for how long, on one line", () => {
    const progress = createProgress(terminal(true));
    progress.start("training iris 0.0.2");
    vi.advanceTimersByTime(2_000);
    expect(written[0]).toBe(`${clear}⠋ training iris 0.0.2`);
    expect(written.at(-1)).toMatch(/ training iris 0\.0\.2 2 s$/);
    expect(written.every((text) => text.startsWith(clear))).toBe(true);
    progress.start("testing iris 0.0.2");
    expect(written.at(-1)).toMatch(/ testing iris 0\.0\.2$/);
  });

  it("goes away without a trace", () => {
    const progress = createProgress(terminal(true));
    progress.start("training");
    progress.stop();
    const count = written.length;
    vi.advanceTimersByTime(1_000);
    expect([written.at(-1), written.length]).toEqual([clear, count]);
  });

  it("steps aside for a line of the log, and comes back", () => {
    const progress = createProgress(terminal(true));
    progress.start("training");
    progress.aside();
    expect(written.at(-1)).toBe(clear);
    vi.advanceTimersByTime(100);
    expect(written.at(-1)).toContain("training");
  });

  it("writes nothing where there is no terminal", () => {
    const progress = createProgress(terminal(false));
    progress.start("training");
    progress.aside();
    vi.advanceTimersByTime(1_000);
    progress.stop();
    expect(written).toEqual([]);
  });
});
