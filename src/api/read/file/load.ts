import { messageOf } from "../../../errors.ts";
import { includesIn } from "./document.ts";
import { type Included, includedUrl, isParsed, maxIncludes } from "./include.ts";

const maxFileBytes = 4 * 1024 * 1024;

/**
 * Reads the files that an API file includes, and those that they include.
 *
 * @param text The API file.
 * @param url Its URL.
 * @param read Reads a file.
 * @param folders What included files must be below one of, besides the folder of the API file: what they hold is published.
 *
 * @returns What was read, or why it was not, by URL.
 */
export async function loadIncluded(
  text: string,
  url: URL,
  read: (url: URL) => Promise<Uint8Array>,
  folders: readonly URL[] = [],
): Promise<Included> {
  const allowed = [new URL(".", url), ...folders.filter(({ pathname }) => pathname !== "/")];
  const included = new Map<string, { text: string } | { problem: string }>();
  const open = [{ text, url }];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const target of includesIn(next.text)) {
      const found = includedUrl(target, next.url);
      if (found === undefined || included.has(found.href) || included.size >= maxIncludes) continue;
      const isInside = allowed.some((folder) => found.href.startsWith(new URL("./", folder).href));
      const contents = isInside ? await readText(found, read) : { problem: outside };
      included.set(found.href, contents);
      if ("text" in contents && isParsed(found, contents.text)) open.push({ text: contents.text, url: found });
    }
  }
  return included;
}

const outside =
  "found a file elsewhere, expected one below the folder of the API file, of the configuration, or below the working folder: what it holds is published. Copy it there";

async function readText(url: URL, read: (url: URL) => Promise<Uint8Array>) {
  let bytes: Uint8Array;
  try {
    bytes = await read(url);
  } catch (error) {
    return { problem: `found no file that can be read, expected one: ${messageOf(error)}` };
  }
  if (bytes.length > maxFileBytes)
    return { problem: `found a file of ${bytes.length} bytes, expected at most ${maxFileBytes}` };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { problem: "found bytes that are not UTF-8, expected text in UTF-8" };
  }
}
