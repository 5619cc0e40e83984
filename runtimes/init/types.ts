import type { Frame } from "../../src/internal.ts";

/** The runtimes that a project can be made for. */
export const runtimeNames = ["node", "bun", "deno"] as const;

export type RuntimeName = (typeof runtimeNames)[number];

/** The languages that a model can be written in. */
export const languageNames = ["typescript", "python", "r"] as const;

export type LanguageName = (typeof languageNames)[number];

/** A data file, and how it is read. */
export interface DataFile {
  /** Where it is. */
  readonly url: URL;
  readonly type: string;
  readonly options: Readonly<Record<string, string>>;
  readonly frame: Frame;
}

/** What is predicted, and how. */
export interface TargetColumn {
  readonly target: string;
  readonly task: "regression" | "classification";
}

/** A data file in its project. */
export interface Table extends DataFile, TargetColumn {
  /** Where it is in the project's folder. */
  readonly path: string;
}
