import { cycloneDx } from "../../card/cyclone-dx.ts";
import { type Card, cardOf } from "../../card/facts.ts";
import { huggingFaceCard } from "../../card/hugging-face.ts";
import { cardConfigOf } from "../../config/card.ts";
import type { ApiOptions } from "../api-options.ts";
import type { Handlers, RequestContext } from "../request-context.ts";
import { nothingAt, pageFiles } from "./files.ts";
import { pageModel } from "./model-page.ts";
import type { PagesOptions } from "./options.ts";

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
  const { definition, basePath, documentation, metrics, drift, rollout, feedback } = options;
  const card = async (context: RequestContext): Promise<Card | undefined> => {
    const meta = await pages.meta(context);
    return meta && cardOf(meta, pages.about && cardConfigOf(pages.about));
  };
  const document = (type: string, text: (card: Card) => string): Handlers => ({
    async GET(_request, _path, context) {
      const found = await card(context);
      if (found === undefined) throw nothingAt(context);
      return new Response(text(found), { headers: { ...context.headers, "content-type": type } });
    },
  });
  const history = async (context: RequestContext) => {
    const reader = await pages.history();
    if (reader === undefined) throw nothingAt(context);
    return reader;
  };
  return {
    ...pageFiles(pages.file, options.files),
    "/pages/model.json": {
      async GET(_request, _path, context) {
        const [found, reader] = await Promise.all([card(context), pages.history()]);
        return pageModel(definition, basePath, {
          version: pages.version,
          card: found,
          hasHistory: reader !== undefined,
          hasMetrics: metrics !== undefined,
          hasDrift: drift !== undefined,
          hasRollout: rollout !== undefined,
          hasFeedback: feedback !== undefined,
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
