import { joinDocuments, type NamedDocument } from "../../api/write/openapi/join.ts";
import { type SecurityScheme, withSecurity } from "../../api/write/openapi/security.ts";
import { createOpenApiDocument } from "../../api/write/openapi.ts";
import { mapLimited } from "../../util/map-limited.ts";
import type { ProtocolEndpoints } from "../protocols/endpoint.ts";
import type { ModelApi } from "./model-api.ts";
import type { ModelSet } from "./model-set.ts";

/** So many models are opened at a time to be described. */
const maxOpening = 8;

/**
 * OpenAPI document of models that serve together. Whoever asks for it has all models opened, and none loaded; one that cannot
 * be opened is not in it.
 *
 * @param models The models.
 * @param schemes Ways in which a caller can say who they are.
 * @param protocols Protocols that are on.
 *
 * @returns Gives the document, the same one for as long as the same models are open.
 */
export function sharedDocument(
  models: ModelSet,
  schemes: readonly SecurityScheme[],
  protocols?: ProtocolEndpoints,
): () => Promise<object> {
  /** Each is described once, for as long as it serves. */
  const documents = new WeakMap<ModelApi, NamedDocument>();
  let last: { readonly of: readonly NamedDocument[]; readonly document: object } | undefined;
  const describe = (name: string, api: ModelApi): NamedDocument => {
    const { definition, basePath, options } = api;
    const { unknownParameters, documentation } = options;
    const known = documents.get(api) ?? {
      name,
      basePath,
      document: createOpenApiDocument(definition, {
        server: ".",
        unknownParameters,
        jobs: options.jobs?.documented,
        ...(documentation && { version: documentation.version }),
      }),
    };
    documents.set(api, known);
    return known;
  };
  return async () => {
    const described = await mapLimited(
      models.list(),
      async (model) => {
        const api = model.opened() ?? (await Promise.resolve(model.api()).catch(() => undefined));
        // A project that has no documents by itself has none here.
        // What one lets only its own callers see is not for those of all, unless all are asked.
        const isClosed = api?.options.guard !== undefined && schemes.length === 0;
        return isClosed ? undefined : api?.options.documentation && describe(model.name, api);
      },
      maxOpening,
    );
    const of = described.filter((one) => one !== undefined);
    if (last?.of.length !== of.length || of.some((one, index) => one !== last?.of[index])) {
      const joined = joinDocuments("Models", of);
      const paths = { ...joined.paths, ...protocols?.describeAll() };
      last = { of, document: withSecurity({ ...joined, paths }, schemes) };
    }
    return last?.document ?? {};
  };
}
