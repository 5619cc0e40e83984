import { getMimeType } from "hono/utils/mime";
import { LaunchpadError } from "../../errors.ts";
import type { FileStat, Files } from "../../host.ts";
import type { RequestContext } from "../request-context.ts";
import { isKnown } from "./etag.ts";

/** Answers with a file; undefined if there is none. */
export type StaticFiles = (path: string, context: RequestContext) => Promise<Response | undefined>;

/**
 * Server of the files of a folder. Nothing leads out of the folder: neither dots, encoded or not, nor
 * backslashes, nor links to somewhere else. No name may begin with a dot.
 *
 * @param root The folder.
 * @param files The file system.
 * @param mount The path that it is served at; ends with a slash.
 *
 * @returns A function that finds the file of a path, and answers GET and HEAD.
 */
export function createStatic(root: URL, files: Files, mount = "/"): StaticFiles {
  const base = root.href.endsWith("/") ? root : new URL(`${root.href}/`);

  /** A link may lead to a file with another name, but only within the folder, and to none that begins with a dot. */
  const isWithin = async ({ real }: FileStat): Promise<boolean> => {
    const folder = (await files.stat(base))?.real.href ?? "";
    return real.href.startsWith(`${folder}/`) && !real.href.slice(folder.length).includes("/.");
  };

  return async (path, context) => {
    const names = path.startsWith(mount) ? namesOf(path.slice(mount.length - 1)) : undefined;
    if (names === undefined) return undefined;
    const asFolder = names.at(-1) === "";
    const url = new URL(names.map(encodeURIComponent).join("/"), base);
    const target = asFolder ? new URL("index.html", url) : url;
    const found = await files.stat(target);
    if (found === undefined) return undefined;
    if (found.kind === "folder") {
      const index = asFolder ? undefined : await files.stat(new URL(`${url.href}/index.html`));
      if (index?.kind !== "file" || !(await isWithin(index))) return undefined;
      // Relative, so that it is right below any path that the API is mounted at.
      return new Response(null, { status: 301, headers: { location: `./${encodeURIComponent(names.at(-1) ?? "")}/` } });
    }
    if (!(await isWithin(found))) return undefined;
    context.route = "static";
    const { method, headers: asked } = context.request;
    if (method !== "GET" && method !== "HEAD") {
      context.headers.allow = "GET, HEAD";
      throw new LaunchpadError("METHOD_NOT_ALLOWED", "This is a file: use GET, HEAD");
    }
    const headers = { ...context.headers, ...headersOf(target, found) };
    if (isUnchanged(asked, headers)) {
      const { "content-length": _, "content-type": __, ...rest } = headers;
      return new Response(null, { status: 304, headers: rest });
    }
    return new Response(method === "HEAD" ? null : await files.stream(target), { headers });
  };
}

/** The decoded names of a path; undefined if one of them is none. */
function namesOf(path: string): string[] | undefined {
  const names: string[] = [];
  for (const part of path.slice(1).split("/")) {
    let name: string;
    try {
      name = decodeURIComponent(part);
    } catch {
      return undefined;
    }
    // Only the last may be empty: `/` and `/folder/` mean the file index.html in them. A colon is a drive, or a stream of a
    // file, on Windows.
    if (/^\.|[/\\:\0]/.test(name)) return undefined;
    names.push(name);
  }
  return names.slice(0, -1).includes("") ? undefined : names;
}

/** As far as seconds go, which is how far the header does. */
const wholeSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000) * 1000;

function headersOf(url: URL, { size, modified }: FileStat) {
  return {
    "content-type": getMimeType(url.pathname) ?? "application/octet-stream",
    "content-length": String(size),
    "last-modified": new Date(wholeSeconds(modified)).toUTCString(),
    etag: `"${size.toString(16)}-${Math.round(modified).toString(16)}"`,
    // A browser asks again each time, which costs little: a page that was replaced is seen at once.
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
  };
}

/** RFC 9110, section 13.2.2: with an `If-None-Match`, the time does not count. */
function isUnchanged(asked: Headers, { etag, "last-modified": modified }: ReturnType<typeof headersOf>): boolean {
  const tags = asked.get("if-none-match");
  if (tags !== null) return isKnown(tags, etag);
  const since = Date.parse(asked.get("if-modified-since") ?? "");
  return Date.parse(modified) <= since;
}
