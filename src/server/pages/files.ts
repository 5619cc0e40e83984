import { LaunchpadError } from "../../errors.ts";
import type { StaticFiles } from "../middleware/static-files.ts";
import type { Handlers, RequestContext } from "../request-context.ts";
import { type Asset, assetOf, pageHeaders, respondWith } from "./assets.ts";

/** The one table of the files of the pages, by the path that each is served at. */
const files: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "/pages/page.css": { file: "page.css", type: "text/css; charset=utf-8" },
  "/pages/page.js": { file: "page.js", type: "text/javascript; charset=utf-8" },
};

/**
 * Endpoints of the files of the pages: `/` for browsers, and what it loads. Nothing is read before somebody asks.
 *
 * @param file Reads a file of the pages.
 * @param own Files of the user, of which a page comes first.
 *
 * @returns Answers by path.
 */
export function pageFiles(
  file: (name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>,
  own?: StaticFiles,
): Readonly<Record<string, Handlers>> {
  const assets = new Map<string, Promise<Asset | undefined>>();
  const asset = (name: string) => {
    const known = assets.get(name) ?? file(name).then((bytes) => bytes && assetOf(bytes));
    assets.set(name, known);
    return known;
  };
  return {
    "/": {
      async GET(request, _path, context) {
        // Two answers for two who ask.
        context.headers.vary = "accept";
        const page = (await own?.("/", context)) ?? (wantsHtml(request) ? await asset("index.html") : undefined);
        if (page === undefined) throw nothingAt(context);
        if (page instanceof Response) return page;
        const type = "text/html; charset=utf-8";
        return respondWith(request, page, { ...context.headers, ...pageHeaders, "content-type": type });
      },
    },
    ...Object.fromEntries(
      Object.entries(files).map(([path, { file: name, type }]): [string, Handlers] => [
        path,
        {
          async GET(request, _path, context) {
            const found = await asset(name);
            if (found === undefined) throw nothingAt(context);
            return respondWith(request, found, { ...context.headers, ...pageHeaders, "content-type": type });
          },
        },
      ]),
    ),
  };
}

/**
 * Error of a page that is not there.
 *
 * @param context The request.
 *
 * @returns NOT_FOUND.
 */
export function nothingAt(context: RequestContext): LaunchpadError {
  return new LaunchpadError("NOT_FOUND", `There is nothing at ${new URL(context.request.url).pathname}`);
}

/** Whether a request is a browser's for a page: whatever takes anything gets what it got before there were pages. */
function wantsHtml(request: Request): boolean {
  return (request.headers.get("accept") ?? "").split(",").some((type) => {
    const [name = "", ...parameters] = type.split(";").map((part) => part.trim().toLowerCase());
    return name === "text/html" && !parameters.some((one) => /^q=0(\.0*)?$/.test(one));
  });
}
