/** Part of a project of ML Launchpad, and what becomes of it. */
export interface Finding {
  /** Where it is: a file and a key. */
  readonly where: string;
  /** `works` as it is; `changes`, and why; `decide`: a person must do something. */
  readonly verdict: "works" | "changes" | "decide";
  readonly text: string;
}

/** What came of looking at one side of a project. */
export interface Examined {
  readonly findings: readonly Finding[];
  /** Texts of files to write, by path in the project's folder. */
  readonly files: Readonly<Record<string, string>>;
}
