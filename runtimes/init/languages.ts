import type { LanguageName } from "./types.ts";

/** Language that a model is written in. */
export interface Language {
  /** Files of each template that has a model in it. */
  readonly files: Readonly<Record<"minimal" | "tabular", readonly string[]>>;
  /** Who takes columns by their names, so that their order does not matter. */
  readonly byName: string;
  /** Lines below `model` in the configuration of a table, with their indentation. */
  readonly settings: string;
  /** What must be installed besides, by template. */
  readonly install: Readonly<Record<"minimal" | "tabular", string | undefined>>;
  /** What README.md says of how it is served elsewhere, unless its place does. */
  readonly readme: string | undefined;
  /** What git leaves alone. */
  readonly ignored: readonly string[];
  /** Whether an editor wants to know how TypeScript is checked. */
  readonly isTypeScript: boolean;
}

/** The one table of languages. */
export const languages: Readonly<Record<LanguageName, Language>> = {
  typescript: {
    files: { minimal: ["model.ts"], tabular: ["model.ts", "features.ts", "linear.ts"] },
    byName: "features.ts takes columns by their names",
    settings: "",
    install: { minimal: undefined, tabular: undefined },
    readme: undefined,
    ignored: [],
    isTypeScript: true,
  },
  python: {
    files: { minimal: ["model.py"], tabular: ["model.py", "requirements.txt"] },
    byName: "model.py takes columns by their names",
    settings: `
  # What is stored is a pickle, which runs code when it is read: let nobody else write to the model store, or sign it
  # (model_store.sign_key_var and verify_key).
  pickle: allow
  # Stores instead what serves, and is built, without Python (not with dates); requirements.txt then needs skops:
  # export: skops`,
    install: {
      minimal: undefined,
      tabular: "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt",
    },
    readme: `The model is in Python (3.10 or newer): that of \`.venv\` if it is there, else \`python3\`. \`launchpad build\` makes one file of it, which
serves elsewhere without Python, once \`export\` in launchpad.yml says what is stored.
`,
    ignored: [".venv/", "__pycache__/"],
    isTypeScript: false,
  },
  r: {
    files: { minimal: ["model.R"], tabular: ["model.R"] },
    byName: "model.R takes columns by their names",
    settings: "",
    install: { minimal: undefined, tabular: undefined },
    readme: `The model is in R, which needs the package jsonlite, and for a table rpart, which R comes with. \`launchpad api\` serves it where R is
installed.
`,
    ignored: [".Rhistory", ".RData"],
    isTypeScript: false,
  },
};
