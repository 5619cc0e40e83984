import { availableParallelism } from "node:os";
import { InvalidArgumentError } from "commander";
import { type Cell, type Config, didYouMean, enumerate, LaunchpadError, type Unnamed } from "../../../src/internal.ts";

/** What becomes of a row that has no prediction: it ends all, or is written into a file. */
export type BadRows = "fail" | { readonly file: string };

/**
 * Reads `--errors fail` or `--errors skip FILE`.
 *
 * @param given The words, none for nothing.
 *
 * @returns What is to be done.
 *
 * @throws USAGE for anything else.
 */
export function readErrors(given: readonly string[] | undefined): BadRows {
  const [how = "fail", file, ...more] = given ?? [];
  if (how === "fail" && file === undefined) return "fail";
  if (how === "skip" && file !== undefined && more.length === 0) return { file };
  throw new LaunchpadError(
    "USAGE",
    `--errors: expected fail, or skip and the file for rows without prediction, found ${(given ?? []).join(" ")}. Write --errors skip bad.jsonl`,
  );
}

/**
 * Reads `--params day=2024-01-31 limit=10`.
 *
 * @param given The words.
 *
 * @returns Values by name: numbers, true, false and null where they are written so, else text.
 *
 * @throws USAGE for what is no NAME=VALUE.
 */
export function readParams(given: readonly string[] | undefined): Record<string, Cell> {
  return Object.fromEntries(
    (given ?? []).map((word) => {
      const at = word.indexOf("=");
      if (at < 1) throw new LaunchpadError("USAGE", `--params: expected NAME=VALUE, found ${JSON.stringify(word)}`);
      return [word.slice(0, at), paramOf(word.slice(at + 1))];
    }),
  );
}

function paramOf(text: string): Cell {
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  // `007` is text, and so is what a number would not keep.
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) && String(Number(text)) === text ? Number(text) : text;
}

/**
 * Reads a list of columns: `id,name`.
 *
 * @param text The names, between commas.
 *
 * @returns The names.
 */
export function columnList(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.every((name) => name !== "") && new Set(names).size === names.length) return names;
  throw new InvalidArgumentError("Expected different names of columns between commas, such as id,name.");
}

const maxThreads = 256;

/**
 * Reads a number of threads.
 *
 * @param text A number, or `auto` for one a core.
 *
 * @returns How many.
 */
export function threadCount(text: string): number {
  if (text === "auto") return availableParallelism();
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= maxThreads) return count;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${maxThreads}, or auto.`);
}

/**
 * Finds out whether a word names data of the configuration, or a file.
 *
 * @param word A name, a path or a URL.
 * @param section The section of the configuration.
 * @param type The type that `--from-format` or `--to-format` gives.
 *
 * @returns The name, or the file.
 *
 * @throws USAGE for a word that is neither.
 */
export function dataNamed(
  word: string,
  { config, section, option }: { config: Config; section: "datasources" | "datasinks"; option: string },
  type: string | undefined,
): string | Unnamed {
  if (Object.hasOwn(config[section], word)) {
    if (type === undefined) return word;
    throw new LaunchpadError(
      "USAGE",
      `${option}-format: expected none for ${word}, whose type the configuration tells; leave it out`,
    );
  }
  if (/[./\\:]/.test(word) || type !== undefined) return { path: word, type };
  const names = Object.keys(config[section]);
  const hint = didYouMean(word, names) || (names.length > 0 ? ` There are ${enumerate(names, "and")}.` : "");
  throw new LaunchpadError(
    "USAGE",
    `${option}: expected a name below ${section}, a path or a URL, found ${JSON.stringify(word)}.${hint} A file of that name is ./${word}`,
  );
}
