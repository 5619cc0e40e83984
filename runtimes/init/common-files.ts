import { version } from "../../src/internal.ts";
import { languages } from "./languages.ts";
import type { Platform } from "./template.ts";
import type { LanguageName, RuntimeName } from "./types.ts";

/**
 * How each runtime runs things: what stands in README.md, package.json and deno.json. The test is JavaScript, for Node 20;
 * Deno would want types of Node's for it, which are not installed.
 */
const commands: Readonly<Record<RuntimeName, { install: string; launchpad: string; test: string }>> = {
  node: { install: "npm install", launchpad: "npx launchpad", test: "node --test" },
  bun: { install: "bun install", launchpad: "bunx --bun launchpad", test: "bun test" },
  deno: { install: "deno install", launchpad: "deno run -A npm:mllaunchpad", test: "deno test -A --no-check" },
};

/** What the files are made from. */
export interface CommonAnswers {
  readonly name: string;
  readonly runtime: RuntimeName;
  readonly language: LanguageName;
  /** The column that is predicted, and the file that it is learned from; absent without data. */
  readonly table: { readonly target: string; readonly path: string; readonly type?: string } | undefined;
  /** The files of the template, by path. */
  readonly files: readonly string[];
  readonly platform: Platform | undefined;
}

/**
 * Creates the files that every project has.
 *
 * @param answers What is known of the project.
 *
 * @returns The text of each file by its path.
 */
export function commonFiles(answers: CommonAnswers): Record<string, string> {
  const { scripts, ...manifest } = answers.platform?.manifest ?? {};
  const language = languages[answers.language];
  return {
    "package.json": json({
      name: packageName(answers.name),
      private: true,
      type: "module",
      scripts: { ...scriptsOf(answers.runtime), ...scripts },
      dependencies: { mllaunchpad: `^${version}`, ...(answers.table?.type === "excel" && { hucre: "^1.0.0" }) },
      ...manifest,
    }),
    ...(answers.runtime === "deno" && { "deno.json": json({ tasks: scriptsOf("deno") }) }),
    ...(language.isTypeScript && { "tsconfig.json": json({ compilerOptions }) }),
    "test.yml": "# Comes on top of launchpad.yml in tests.\nmodel_store:\n  location: 'memory:'\n",
    ".gitignore": [...ignored, ...language.ignored, ...(answers.platform?.ignored ?? []), ""].join("\n"),
    "README.md": readme(answers),
  };
}

const ignored = ["model_store/", "node_modules/", "build/"];

/** For editors, and whoever checks types. */
const compilerOptions = {
  target: "ES2023",
  module: "preserve",
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
};

/** What the steps to a model that serves depend on. */
export type StepAnswers = Pick<CommonAnswers, "runtime" | "language" | "platform"> & { readonly hasTable: boolean };

/** What to do with a new project, for a shell. */
export function nextCommands(answers: StepAnswers): string {
  const { install, train, serve } = stepsOf(answers);
  return [...install, train, serve].join(" && ");
}

function stepsOf({ runtime, language, platform, hasTable }: StepAnswers) {
  const { install, launchpad, test } = commands[runtime];
  const more = languages[language].install[hasTable ? "tabular" : "minimal"];
  return {
    install: [install, ...(more === undefined ? [] : [more])],
    train: `${launchpad} train`,
    test,
    serve: `${launchpad} api`,
    ...platform?.commands,
  };
}

function scriptsOf(runtime: RuntimeName) {
  const { launchpad, test } = commands[runtime];
  // In scripts, npm finds the command by itself.
  const program = runtime === "node" ? "launchpad" : launchpad;
  return { train: `${program} train`, api: `${program} api`, test, build: `${program} build` };
}

/** npm takes no capital letters, and no package that depends on one of its own name. */
function packageName(name: string): string {
  const lower = name.toLowerCase();
  return lower === "mllaunchpad" || lower === "node_modules" ? `${lower}-model` : lower;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** What each file of a template is for. */
const purposes: Readonly<Record<string, string>> = {
  "launchpad.yml": "where data, models and the API are",
  "model.ts": "the model: `train`, `test` and `predict`",
  "model.py": "the model: `train`, `test` and `predict`",
  "model.R": "the model: `train`, `test` and `predict`",
  "requirements.txt": "packages that it imports",
  "features.ts": "how columns become numbers",
  "linear.ts": "ridge and logistic regression",
  "openapi.yml": "the API, made from the data: edit it, it is yours",
  "model.test.js": "a unit test",
  "worker.test.js": "a test of what is deployed",
};

function readme({ name, runtime, language, table, files, platform }: CommonAnswers): string {
  const { launchpad } = commands[runtime];
  const { install, train, test, serve } = stepsOf({ runtime, language, platform, hasTable: table !== undefined });
  const what = table
    ? `A model that predicts ${code(table.target)} from the other columns of ${code(table.path)}: a baseline to start from.`
    : "A model that does next to nothing yet.";
  const rows = files.map((file) => `- \`${file}\`: ${purposes[file] ?? "data"}`);
  return `# ${name}

${what}

\`\`\`sh
${install.join("\n").replaceAll(" && ", "\n")}
${train}
${test}
${serve}
\`\`\`

${rows.join("\n")}
- \`test.yml\`: what is different in tests

${platform?.readme ?? languages[language].readme ?? `\`${launchpad} build\` makes one file of it all, which serves elsewhere with nothing installed.\n`}
\`${launchpad} --help\` lists all commands.
`;
}

/** A name may hold the very sign that marks code in Markdown. */
function code(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.includes("`") ? `\`\` ${line} \`\`` : `\`${line}\``;
}
