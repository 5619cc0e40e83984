import { LaunchpadError } from "../../errors.ts";
import { optionHint } from "../access/messages.ts";
import { openFolder } from "../location/open-location.ts";
import type { OpenContext } from "../types.ts";
import { type FoundFile, partitionOf } from "./partitions.ts";
import type { Pattern } from "./pattern.ts";

/**
 * Lists the files that a pattern names.
 *
 * @param context What the source is opened with.
 * @param pattern The pattern of its path.
 * @param signal Ends the wait.
 *
 * @returns The files in the order of their paths, at least one, and how messages call them.
 *
 * @throws DATA_UNAVAILABLE when there is none, or no list.
 */
export async function listFiles(
  context: OpenContext,
  pattern: Pattern,
  signal: AbortSignal | undefined,
): Promise<readonly FoundFile[]> {
  const { files: local } = context.host;
  const exact = new URL(String(context.entry.path));
  // A file may really be called so.
  if (exact.protocol === "file:" && !exact.pathname.endsWith("/") && (await local?.exists(exact))) {
    return [{ url: exact, path: exact.pathname.split("/").at(-1) ?? "", partition: new Map() }];
  }
  const folder = openFolder(context, pattern.folder);
  const all = await folder.list(pattern.enters, signal);
  const paths = all.filter((path) => path !== "" && !path.endsWith("/") && pattern.matches(path));
  if (paths.length === 0) {
    const there = all.filter((path) => !path.endsWith("/"));
    const found = there.length === 0 ? "no files" : `others; ${optionHint("", there.slice(0, 5))}`;
    throw new LaunchpadError("DATA_UNAVAILABLE", `${folder.shown}: at least one file expected, found ${found}`);
  }
  return paths.sort(byCharacters).map((path) => {
    const url = new URL(pattern.folder);
    url.pathname += path.split("/").map(encodeURIComponent).join("/");
    return { url, path, partition: partitionOf(path) };
  });
}

/** The same order everywhere, whatever the language. */
function byCharacters(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Tells what to do about raw bytes of many files.
 *
 * @param shown How messages call them.
 *
 * @returns An error.
 */
export function noBytes(shown: string): LaunchpadError {
  return new LaunchpadError(
    "DATA_INVALID",
    `${shown}: has no text or bytes, because its path names many files; read frame(), batches() or rows()`,
  );
}
