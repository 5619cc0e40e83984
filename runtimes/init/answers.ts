import { basename, resolve } from "node:path";
import { enumerate, type Host, LaunchpadError, namePattern, nameRule } from "../../src/internal.ts";
import type { Asker } from "./ask.ts";
import { choice } from "./choice.ts";
import { readDataFile } from "./read-data.ts";
import { targetColumn } from "./target-column.ts";
import type { Template } from "./template.ts";
import { templates } from "./templates.ts";
import {
  type DataFile,
  type LanguageName,
  languageNames,
  type RuntimeName,
  runtimeNames,
  type TargetColumn,
} from "./types.ts";

/** What the flags say. */
export interface Flags {
  readonly name?: string;
  readonly data?: string;
  readonly target?: string;
  readonly runtime?: string;
  readonly template?: string;
  readonly language?: string;
}

/** All that a project is made from. */
export interface Answers {
  readonly name: string;
  readonly runtime: RuntimeName;
  readonly language: LanguageName;
  readonly template: Template;
  readonly data: (DataFile & TargetColumn) | undefined;
}

/**
 * Finds out what to make: from flags, else by asking, else from what is most likely.
 *
 * @param host What the runtime can do.
 * @param folder The folder of the project.
 * @param flags What was given; a flag is not asked for.
 * @param asker Asks on the terminal; undefined where there is none.
 *
 * @returns The answers, checked.
 *
 * @throws USAGE for a flag that is wrong, or missing where nobody can be asked; DATA_UNAVAILABLE, DATA_INVALID and
 * COLUMN_UNKNOWN for the data; ABORTED when the user stops.
 */
export async function collectAnswers(
  host: Host,
  folder: string,
  flags: Flags,
  asker: Asker | undefined,
): Promise<Answers> {
  // Flags first, so that nobody answers questions in vain.
  const template = templates[choice("--template", flags.template ?? "tabular", Object.keys(templates))];
  if (template === undefined) throw new LaunchpadError("INTERNAL", "a template is missing");
  if (flags.name !== undefined) checkName(flags.name);
  const readRuntime = runtimeReader(flags.template, template.platform?.runtime);
  if (flags.runtime !== undefined) readRuntime(flags.runtime);
  const readLanguage = languageReader(flags.template, template.languages);
  if (flags.language !== undefined) readLanguage(flags.language);
  if (template.data === "unused" && (flags.data ?? flags.target) !== undefined) {
    const flag = flags.data === undefined ? "--target" : "--data";
    throw new LaunchpadError(
      "USAGE",
      `${flag}: the template ${flags.template} takes no data. Expected --template tabular`,
    );
  }
  const given = flags.data === undefined ? undefined : await readDataFile(host, flags.data);
  if (given && flags.target !== undefined) targetColumn(given.frame, flags.target);

  async function answer<T>(
    flag: string | undefined,
    question: string,
    suggested: string | undefined,
    read: (text: string) => T | Promise<T>,
  ): Promise<T | undefined> {
    if (flag !== undefined) return read(flag);
    if (asker) return asker.ask(question, suggested, read);
    return suggested === undefined ? undefined : read(suggested);
  }

  const name = (await answer(flags.name, "Name of the model", nameFor(folder), checkName)) ?? "model";
  const data = template.data === "unused" ? undefined : await collectData();
  // Not asked: who writes Python or R says so, and the others have one question less.
  const language = flags.language === undefined ? template.languages[0] : readLanguage(flags.language);
  const question = `Runtime: ${runtimeNames.join(", ")}`;
  const runtime =
    template.platform?.runtime ??
    (await answer(flags.runtime, question, host.runtime?.name ?? "node", readRuntime)) ??
    "node";
  return { name, runtime, language: language ?? "typescript", template, data };

  async function collectData() {
    const file = given ?? (await askForData());
    if (file === undefined && template?.data === "optional" && flags.target === undefined) return undefined;
    if (file === undefined) {
      throw new LaunchpadError(
        "USAGE",
        "--data: no file found, expected one to learn from, such as --data iris.csv; or --template minimal, which needs none",
      );
    }
    const { names } = file.frame;
    const columns = `Column to predict: ${names.join(", ")}`;
    const goal = await answer(flags.target, columns, names.at(-1), (target) => targetColumn(file.frame, target));
    if (goal === undefined) throw new LaunchpadError("INTERNAL", "there is no column");
    return { ...file, ...goal };
  }

  function askForData() {
    if (template?.data === "needed") {
      return answer(undefined, "Data file", undefined, (path) => readDataFile(host, path));
    }
    return answer(undefined, "Data file", none, (path) => (path === none ? undefined : readDataFile(host, path)));
  }
}

/** What stands for no data file. */
const none = "none";

/** Reads the name of a runtime, which may be the only one for a template. */
function runtimeReader(template: string | undefined, only: RuntimeName | undefined): (text: string) => RuntimeName {
  return (text) => {
    const runtime = choice("--runtime", text, runtimeNames);
    if (only === undefined || runtime === only) return runtime;
    throw new LaunchpadError(
      "USAGE",
      `--runtime: found ${JSON.stringify(text)}, but the tools of the template ${template} run on ${only} only. Leave --runtime out`,
    );
  };
}

/** Reads the name of a language, which not every template has. */
function languageReader(template: string | undefined, there: readonly LanguageName[]): (text: string) => LanguageName {
  return (text) => {
    const language = choice("--language", text, languageNames);
    if (there.includes(language)) return language;
    throw new LaunchpadError(
      "USAGE",
      `--language: found ${JSON.stringify(text)}, but the template ${template} has ${enumerate(there)} only. Leave --language out, ` +
        "or expected --template tabular or minimal",
    );
  };
}

function checkName(name: string): string {
  if (namePattern.test(name)) return name;
  const found = JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}...` : name);
  throw new LaunchpadError("USAGE", `--name: found ${found}, expected ${nameRule}`);
}

/** What a folder suggests: its name, as far as a model may be called so. */
function nameFor(folder: string): string {
  const name = basename(resolve(folder))
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[._-]+|-+$/g, "")
    .slice(0, 200);
  return name === "" ? "model" : name;
}
