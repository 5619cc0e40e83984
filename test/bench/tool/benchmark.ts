/*
 * The contract of a benchmark. A new one is a function from a Context to Findings, and a line in ../benchmarks.ts.
 */

/** What a benchmark gets. */
export interface Context {
  /** Whether to be quick: few rounds and small sizes, to see that everything runs. */
  readonly quick: boolean;
  /** An empty folder, removed at the end. */
  readonly folder: string;
  /** Tells whoever waits what is being done. */
  say(text: string): void;
  /**
   * Has something stopped at the end, also at Ctrl-C.
   *
   * @returns What stops it at once.
   */
  atEnd(stop: () => Promise<unknown>): () => Promise<void>;
}

/** The same measured for several contenders, in turns: one value a round. */
export interface Comparison {
  /** What the row is about: a runtime, a database. */
  readonly subject: string;
  /** What was measured, such as "requests per second". */
  readonly measure: string;
  readonly unit: string;
  /** The contender that the others are compared with. */
  readonly baseline: string;
  readonly rounds: Readonly<Record<string, readonly number[]>>;
}

/** Time against size. */
export interface Growth {
  /** What takes the time. */
  readonly what: string;
  /** What there is more and more of: "runs", "columns". */
  readonly by: string;
  readonly unit: string;
  readonly sizes: readonly number[];
  /** For each size, one value a round. */
  readonly rounds: readonly (readonly number[])[];
  /** Whether it is not Launchpad's, and is there to compare with. */
  readonly reference?: boolean;
}

/** What could not be measured, and why. */
export interface Missing {
  readonly what: string;
  readonly reason: string;
}

/** What a benchmark found. */
export interface Findings {
  readonly comparisons?: readonly Comparison[];
  readonly growth?: readonly Growth[];
  /** What a reader must know of how it was measured. */
  readonly notes?: readonly string[];
  readonly missing?: readonly Missing[];
}

/** A line of the table of benchmarks. */
export interface Benchmark {
  /** What it measures, in one line. */
  readonly what: string;
  /** Whether it needs Python, and so runs with `--peers` only. */
  readonly peers?: boolean;
  run(context: Context): Promise<Findings>;
}
