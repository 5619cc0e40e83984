import { pageFiles } from "../pages/files.ts";
import type { Handlers } from "../request-context.ts";
import type { ModelSet } from "./model-set.ts";
import type { ModelState } from "./served-models.ts";

/** What the pages of several models know of them: plain JSON. */
export interface PageModels {
  readonly models: readonly {
    readonly name: string;
    readonly version: string;
    /** What the paths of its API begin with. */
    readonly path: string;
    readonly state: ModelState;
  }[];
  readonly hasDocs: boolean;
}

/**
 * Endpoints of the pages that models share which serve together: an index of all at `/`.
 *
 * @param models The models.
 * @param file Reads a file of the pages.
 * @param hasDocs Whether there is a page of their documents at `/docs`.
 *
 * @returns Answers by path.
 */
export function sharedPages(
  models: ModelSet,
  file: (name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>,
  hasDocs: boolean,
): Readonly<Record<string, Handlers>> {
  return {
    ...pageFiles(file),
    "/pages/model.json": {
      GET: (): PageModels => ({
        models: models.list().map((model) => ({
          name: model.name,
          version: model.version,
          path: model.basePath,
          state: model.state(),
        })),
        hasDocs,
      }),
    },
  };
}

/** What a page of one model asks for, and where it is asked. */
const asked = /^\/(?:$|pages\/|docs(?:\/|$)|(?:metrics|drift|rollout|feedback|openapi\.json)$)/;

/**
 * Tells whether a page asks for what operators protect by the token of metrics.
 *
 * @param path A path that a model has alone.
 * @param method The method of the request: what came true may be told by others.
 *
 * @returns Whether it does.
 */
export function isOfOperators(path: string, method: string): boolean {
  return /^\/(metrics|drift|rollout)$/.test(path) || (path === "/feedback" && method !== "POST");
}

/**
 * Finds the model whose pages a path is below, `/models/iris/`: there is all that its page asks for, its API included.
 *
 * @param models The models.
 * @param path The path of a request.
 *
 * @returns The model, and the path for it alone; undefined for any other path.
 */
export async function pageOfModel(models: ModelSet, path: string) {
  const [, encoded = "", rest = ""] = /^\/models\/([^/]+)(\/.*)$/.exec(path) ?? [];
  if (encoded === "") return undefined;
  const member = await models.find(nameOf(encoded));
  if (member === undefined || !(asked.test(rest) || rest.startsWith(`${member.basePath}/`))) return undefined;
  return { member, path: rest };
}

function nameOf(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
