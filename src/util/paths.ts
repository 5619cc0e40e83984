import { redact } from "./redact.ts";

/** Two letters at least, because one letter and a colon is a drive of Windows. */
const scheme = /^[A-Za-z][A-Za-z0-9+.-]+:/;
const drive = /^[A-Za-z]:[\\/]/;
/** What a URL would read as its own syntax, or drop: in a path all of it is part of a file's name. */
const notPlain = /[%#?\\|\p{Cc} ]/gu;

/**
 * Creates the URL of a path that a user wrote: `./iris.csv`, `../x`, `/abs` or `C:\data\x.csv`. The characters `#`,
 * `?`, `%` and spaces are part of a file's name. What has a scheme is kept, except a `file:` URL with a relative path
 * (`file:data.db`, a form of libSQL's), which is resolved as well.
 *
 * @param path The path, or a URL.
 * @param base The URL of the file in which the path stands.
 *
 * @returns A URL as a string.
 */
export function locate(path: string, base: URL): string {
  if (isFileUrl(path)) return isAbsoluteFileUrl(path) || base.protocol !== "file:" ? path : resolved(path, base, path);
  if (scheme.test(path)) return path;
  const onWindows = /^\/[A-Za-z]:/.test(base.pathname);
  const slashed = drive.test(path) || path.startsWith("\\\\") || onWindows ? path.replaceAll("\\", "/") : path;
  const plain = slashed.replace(notPlain, (character) => encodeURIComponent(character));
  if (drive.test(slashed)) return resolved(`file:///${plain}`, base, path);
  if (slashed.startsWith("//") && slashed !== path) return resolved(`file:${plain}`, base, path);
  return resolved(plain.startsWith("/") ? plain.replace(/^\/+/, "/") : `./${plain}`, base, path);
}

function resolved(reference: string, base: URL, otherwise: string): string {
  return URL.canParse(reference, base) ? new URL(reference, base).href : otherwise;
}

/**
 * Creates the text that shows a location to a user: `./examples/iris/iris.csv` below the current folder, else the
 * full path; a URL that is not a file's without its credentials.
 *
 * @param url A URL, or any other text that says where.
 * @param cwd The current folder; ends with a slash.
 *
 * @returns Text for a message.
 */
export function formatLocation(url: string | URL, cwd?: URL): string {
  const href = typeof url === "string" ? url : url.href;
  if (!/^file:\/\//i.test(href)) return redact(href);
  if (cwd && href === cwd.href) return ".";
  if (cwd && href.startsWith(cwd.href)) return `./${decodePath(href.slice(cwd.href.length))}`;
  const path = decodePath(href.replace(/^file:\/\/(localhost(?=\/))?/i, ""));
  if (!path.startsWith("/")) return `//${path}`;
  return path.replace(/^\/(?=[A-Za-z]:)/, "");
}

/**
 * Tells whether a text is a path and not the name of a package.
 *
 * @param text `./plugin.ts`, `/abs/plugin.ts`, `C:\plugin.ts`, or `some-package`.
 *
 * @returns Whether it starts with `.`, `/` or a drive.
 */
export function isPath(text: string): boolean {
  return /^[./\\]/.test(text) || drive.test(text);
}

/**
 * Tells whether a text is a `file:` URL, also one with a relative path.
 *
 * @param text Any text.
 *
 * @returns Whether its scheme is `file:`.
 */
export function isFileUrl(text: string): boolean {
  return /^file:/i.test(text);
}

/** SQLite's `file::memory:` is no file at all. */
function isAbsoluteFileUrl(text: string): boolean {
  return /^file:(\/\/|:memory:)/i.test(text);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
