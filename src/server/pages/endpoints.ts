import { cycloneDx } from "../../card/cyclone-dx.ts";
import { type Card, cardOf } from "../../card/facts.ts";
import { huggingFaceCard } from "../../card/hugging-face.ts";
import { cardConfigOf } from "../../config/card.ts";
import { LaunchpadError } from "../../errors.ts";
import type { ApiOptions } from "../api-options.ts";
import type { Handlers, RequestContext } from "../request-context.ts";
import { type Asset, assetOf, pageHeaders, respondWith } from "./assets.ts";
import { pageModel } from "./model-page.ts";
import type { PagesOptions } from "./options.ts";

/** The one table of the files of the pages, by the path that each is served at. */
const files: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "/pages/page.css": { file: "page.css", type: "text/css; charset=utf-8" },
  "/pages/page.js": { file: "page.js", type: "text/javascript; charset=utf-8" },
};

/**
 * Endpoints of the pages for people: `/` for browsers, and what it is made of below `/pages`. Nothing is read before somebody
 * asks.
 *
 * @param options What the API is made of.
 * @param pages What the pages are made of.
 *
 * @returns Answers by path.
 */
export function pagesEndpoints(options: ApiOptions, pages: PagesOptions): Readonly<Record<string, Handlers>> {
  const { definition, basePath, documentation, metrics, drift } = options;
  const assets = new Map<string, Promise<Asset | undefined>>();
  const asset = (name: string) => {
    const known = assets.get(name) ?? pages.file(name).then((bytes) => bytes && assetOf(bytes));
    assets.set(name, known);
    return known;
  };
  const nothing = (context: RequestContext) =>
    new LaunchpadError("NOT_FOUND", `There is nothing at ${new URL(context.request.url).pathname}`);
  const card = async (context: RequestContext): Promise<Card | undefined> => {
    const meta = await pages.meta(context);
    return meta && cardOf(meta, pages.about && cardConfigOf(pages.about));
  };
  const document = (type: string, text: (card: Card) => string): Handlers => ({
    async GET(_request, _path, context) {
      const found = await card(context);
      if (found === undefined) throw nothing(context);
      return new Response(text(found), { headers: { ...context.headers, "content-type": type } });
    },
  });
  const history = async (context: RequestContext) => {
    const reader = await pages.history();
    if (reader === undefined) throw nothing(context);
    return reader;
  };
  return {
    "/": {
      async GET(request, _path, context) {
        // Two answers for two who ask.
        context.headers.vary = "accept";
        // A page of the user's own comes first.
        const own = await options.files?.("/", context);
        if (own) return own;
        const page = wantsHtml(request) ? await asset("index.html") : undefined;
        if (page === undefined) throw nothing(context);
        return respondWith(request, page, {
          ...context.headers,
          ...pageHeaders,
          "content-type": "text/html; charset=utf-8",
        });
      },
    },
    ...Object.fromEntries(
      Object.entries(files).map(([path, { file, type }]): [string, Handlers] => [
        path,
        {
          async GET(request, _path, context) {
            const found = await asset(file);
            if (found === undefined) throw nothing(context);
            return respondWith(request, found, { ...context.headers, ...pageHeaders, "content-type": type });
          },
        },
      ]),
    ),
    "/pages/model.json": {
      async GET(_request, _path, context) {
        const [found, reader] = await Promise.all([card(context), pages.history()]);
        return pageModel(definition, basePath, {
          version: pages.version,
          card: found,
          hasHistory: reader !== undefined,
          hasMetrics: metrics !== undefined,
          hasDrift: drift !== undefined,
          hasDocs: documentation?.file !== undefined,
        });
      },
    },
    "/pages/card.md": document("text/markdown; charset=utf-8", huggingFaceCard),
    "/pages/bom.json": document("application/vnd.cyclonedx+json; version=1.6", (found) =>
      JSON.stringify(cycloneDx(found)),
    ),
    "/pages/history.json": {
      GET: async (_request, _path, context) => (await history(context)).read(),
    },
    "/pages/diff.json": {
      async GET(request, _path, context) {
        const { searchParams } = new URL(request.url);
        return (await history(context)).diff(searchParams.get("a") ?? "", searchParams.get("b") ?? "");
      },
    },
  };
}

/** Whether a request is a browser's for a page: whatever takes anything gets what it got before there were pages. */
function wantsHtml(request: Request): boolean {
  return (request.headers.get("accept") ?? "").split(",").some((type) => {
    const [name = "", ...parameters] = type.split(";").map((part) => part.trim().toLowerCase());
    return name === "text/html" && !parameters.some((one) => /^q=0(\.0*)?$/.test(one));
  });
}
