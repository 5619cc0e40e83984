import type { LanguageName, RuntimeName, Table } from "./types.ts";

/** What a template is told. */
export interface TemplateAnswers {
  readonly name: string;
  readonly runtime: RuntimeName;
  readonly language: LanguageName;
  /** For a template that needs data. */
  readonly table: Table | undefined;
}

/** Where a project is deployed, if that is not the runtime that it is made for. */
export interface Platform {
  /** The only runtime that its tools run on. */
  readonly runtime: RuntimeName;
  /** What takes the place of the runtime's own commands. */
  readonly commands: { readonly test: string; readonly serve: string };
  /** What package.json holds more; scripts and dependencies are added to the others. */
  readonly manifest: {
    readonly engines: Readonly<Record<string, string>>;
    readonly scripts: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  /** What git leaves alone. */
  readonly ignored: readonly string[];
  /** What README.md says more. */
  readonly readme: string;
}

/** A kind of project. */
export interface Template {
  /** Whether it must have a data file to learn from, may have one, or has no use for it. */
  readonly data: "needed" | "optional" | "unused";
  readonly platform?: Platform;
  /** Languages that it can be written in. */
  readonly languages: readonly LanguageName[];
  /** The text of each file by its path; not those that every project has. */
  files(answers: TemplateAnswers): Promise<Readonly<Record<string, string>>>;
}
