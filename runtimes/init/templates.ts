import { minimal } from "./minimal-template.ts";
import { tabular } from "./tabular-template.ts";
import type { RuntimeName, Table } from "./types.ts";

/** What a template is told. */
export interface TemplateAnswers {
  readonly name: string;
  readonly runtime: RuntimeName;
  /** For a template that needs data. */
  readonly table: Table | undefined;
}

/** A kind of project. */
export interface Template {
  readonly needsData: boolean;
  /** The text of each file by its path; not those that every project has. */
  files(answers: TemplateAnswers): Promise<Readonly<Record<string, string>>>;
}

/** The one table of templates. */
export const templates: Readonly<Record<string, Template>> = { tabular, minimal };
