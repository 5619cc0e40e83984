import { formatLocation, isFileUrl, locate } from "../../../util/paths.ts";
import { redact } from "../../../util/redact.ts";

/** What was read of the files that an API file includes, by URL. */
export type Included = ReadonlyMap<string, { readonly text: string } | { readonly problem: string }>;

/** A file, as far as it must be known to find others from it. */
export interface Source {
  /** Its name, for messages. */
  readonly file: string;
  /** The lines before it, if it is text in a file. */
  readonly before?: number;
  readonly url?: URL | undefined;
  /** What it may include; absent where `!include` has no meaning. */
  readonly included?: Included | undefined;
  /** The folder that messages show paths from. */
  readonly cwd?: URL | undefined;
  /** The files that include it, by URL; the outermost first. */
  readonly chain?: readonly string[];
  /** How many files were included so far, in all. */
  readonly count?: { files: number };
}

/** A file may be included often, and each of them includes others often. */
export const maxIncludes = 500;

export const tooManyIncludes = `: found more than ${maxIncludes} included files, expected fewer`;

/** The endings of files whose contents are YAML; the others are text, JSON too, as RAML says. */
const parsedEndings = /\.(raml|ya?ml)$/i;

/**
 * Creates the URL of an included file.
 *
 * @param target The path as it is written.
 * @param base The URL of the file that it stands in.
 *
 * @returns The URL; undefined if it is not the path of a file.
 */
export function includedUrl(target: string, base: URL | undefined): URL | undefined {
  const [path = ""] = target.split("#", 1);
  if (base === undefined || path.trim() === "") return undefined;
  const href = locate(path.trim(), base);
  return URL.canParse(href) && isFileUrl(href) ? new URL(href) : undefined;
}

/**
 * Tells whether an included file is read as YAML.
 *
 * @param url The file.
 * @param text Its contents.
 *
 * @returns Whether it is: by its ending, or because its first line says RAML.
 */
export function isParsed(url: URL, text: string): boolean {
  return parsedEndings.test(url.pathname) || text.startsWith("#%RAML");
}

/**
 * Finds the file that an `!include` means.
 *
 * @param target The path as it is written.
 * @param source The file that it stands in.
 *
 * @returns The file, or what is wrong with it.
 */
export function includeOf(
  target: string,
  source: Source,
):
  | { readonly problem: string }
  | { readonly problem?: never; readonly source: Source; readonly text: string; readonly parsed: boolean } {
  const url = includedUrl(target, source.url);
  if (url === undefined) {
    return { problem: `found ${JSON.stringify(redact(target))}, expected the path of a file, relative to this one` };
  }
  const chain = [...(source.chain ?? []), ...(source.url ? [source.url.href] : [])];
  const file = formatLocation(url, source.cwd);
  if (chain.includes(url.href)) return { problem: `${file}: found a file that includes itself, expected no cycle` };
  const count = source.count ?? { files: 0 };
  count.files++;
  if (count.files > maxIncludes) return { problem: tooManyIncludes };
  const found = source.included?.get(url.href) ?? { problem: "the file was not read" };
  if ("problem" in found) return { problem: `${file}: ${found.problem}` };
  return {
    text: found.text,
    parsed: isParsed(url, found.text),
    source: { file, url, chain, count, included: source.included, cwd: source.cwd },
  };
}
