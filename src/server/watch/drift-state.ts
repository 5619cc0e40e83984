import type { DriftReport } from "../../monitoring/drift/report.ts";

/** One window of one run, compared with its training. */
export interface WindowDrift {
  readonly version: string;
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly start: string;
  /** Whether it is over. */
  readonly ended: boolean;
  readonly report: DriftReport;
}

/** What is known of drift: plain JSON. */
export interface DriftState {
  readonly window_seconds: number;
  /** The oldest first. */
  readonly windows: readonly WindowDrift[];
}
