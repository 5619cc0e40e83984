import { LaunchpadError } from "../../errors.ts";
import type { Awaitable } from "../../util/and-then.ts";
import { type Asset, assetOf, pageHeaders, respondWith } from "../pages/assets.ts";

/** What documents an API besides its OpenAPI document: a page made of that. */
export interface DocumentationOptions {
  /** The version of the model. */
  readonly version: string;
  /** Reads a file of the page, `index.html`; there is no page without it. */
  file?(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/** What answers a request; `headers` are those that every response has. */
type DocsResponse = (
  request: Request,
  path: unknown,
  context: { readonly headers: Readonly<Record<string, string>> },
) => Promise<Response>;

/** The one table of the files of the page, by the path that each is served at. */
const page: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "/docs": { file: "index.html", type: "text/html; charset=utf-8" },
  "/docs/page.css": { file: "page.css", type: "text/css; charset=utf-8" },
  "/docs/page.js": { file: "page.js", type: "text/javascript; charset=utf-8" },
  "/docs/swagger-ui.css": { file: "swagger-ui.css", type: "text/css; charset=utf-8" },
  "/docs/swagger-ui-bundle.js": { file: "swagger-ui-bundle.js", type: "text/javascript; charset=utf-8" },
};

/**
 * Documentation of an API: `/openapi.json`, and `/docs` with its files.
 *
 * @param document Gives the OpenAPI document: the same object for as long as nothing of it changes.
 * @param options Where the files of the page come from.
 *
 * @returns Answers by path. Where there are no files, `/docs` says what to do instead.
 */
export function docsEndpoints(
  document: () => Awaitable<object>,
  options: Pick<DocumentationOptions, "file">,
): Readonly<Record<string, Readonly<Record<"GET", DocsResponse>>>> {
  const entities = new Map<string, Promise<Asset | undefined>>();
  /** What does not change is made once, when it is first asked for. */
  const kept = (path: string, make: () => Promise<Uint8Array<ArrayBuffer> | undefined>) => {
    const known = entities.get(path) ?? make().then((bytes) => bytes && assetOf(bytes));
    entities.set(path, known);
    return known;
  };
  let written: { readonly of: object; readonly entity: Promise<Asset> } | undefined;
  const documentAsset = async (): Promise<Asset> => {
    const of = await document();
    if (written?.of !== of) written = { of, entity: assetOf(new TextEncoder().encode(JSON.stringify(of))) };
    return written.entity;
  };
  const answers: Record<string, { GET: DocsResponse }> = {
    "/openapi.json": {
      async GET(request, _, { headers }) {
        return respond(request, await documentAsset(), { ...headers, "content-type": "application/json" });
      },
    },
  };
  for (const [path, { file, type }] of Object.entries(page)) {
    answers[path] = {
      async GET(request, _, { headers }) {
        const entity = await kept(path, async () => options.file?.(file));
        return respond(request, entity, { ...headers, ...pageHeaders, "content-type": type });
      },
    };
  }
  return answers;
}

function respond(request: Request, entity: Asset | undefined, headers: Record<string, string>): Response {
  if (entity !== undefined) return respondWith(request, entity, headers);
  throw new LaunchpadError(
    "NOT_FOUND",
    "There is no documentation page here, because the server has no files to make it from: " +
      "open /openapi.json in a viewer of OpenAPI documents, or set api.docs to false",
  );
}
