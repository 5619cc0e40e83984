import type { Frame, Source } from "../../../data/types.ts";
import type { ModelContext } from "../../define.ts";

/** So many rows prove a model; more are not kept. */
const maxProofRows = 100_000;

/** Rows that a training read, and the source that they came from. */
export interface ReadRows {
  readonly source: string;
  readonly frame: Frame;
}

/** Run whose rows are kept as they are read. */
export interface RecordedRun {
  readonly run: Pick<ModelContext, "source" | "sink" | "report" | "log">;
  readonly rows: readonly ReadRows[];
}

/**
 * Creates a run that keeps the first rows of each source that is read, so that what was trained can be proved with them.
 *
 * @param run The run.
 *
 * @returns The run to hand over, and the rows, which grow.
 */
export function recordRows(run: ModelContext): RecordedRun {
  const rows: ReadRows[] = [];
  const kept = new Map<string, number>();
  const keep = (source: string, frame: Frame): Frame => {
    const room = maxProofRows - (kept.get(source) ?? 0);
    if (room > 0 && frame.length > 0) {
      rows.push({ source, frame: frame.length > room ? frame.slice(0, room) : frame });
      kept.set(source, (kept.get(source) ?? 0) + Math.min(room, frame.length));
    }
    return frame;
  };
  const source = (name: string): Source => {
    const opened = run.source(name);
    return {
      ...opened,
      frame: async (params) => keep(name, await opened.frame(params)),
      async *batches(options) {
        for await (const frame of opened.batches(options)) yield keep(name, frame);
      },
    };
  };
  return {
    run: { source, sink: (name) => run.sink(name), report: (name, value) => run.report(name, value), log: run.log },
    rows,
  };
}
