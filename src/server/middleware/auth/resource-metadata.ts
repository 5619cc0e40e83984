import type { Handlers, RequestContext } from "../../request-context.ts";

/** Path of the metadata of a protected resource (RFC 9728, section 3). */
export const metadataPath = "/.well-known/oauth-protected-resource";

/** What is said of who gives out tokens. */
export interface ResourceMetadataOptions {
  readonly issuer: string;
  readonly scopes: readonly string[];
  /** Paths that are resources of their own, such as that of MCP; the empty one is the API as a whole. */
  readonly paths: readonly string[];
  /** The URL of the API, as a caller knows it. */
  outside(context: RequestContext): string;
}

/**
 * Creates the metadata of a protected resource, where clients find out whom to ask for tokens.
 *
 * @param options The issuer, and the scopes there are.
 *
 * @returns Answers by path.
 */
export function resourceMetadata(options: ResourceMetadataOptions): Readonly<Record<string, Handlers>> {
  const { issuer, scopes, paths, outside } = options;
  return Object.fromEntries(
    paths.map((path) => [
      metadataPath + path,
      {
        GET: (_request, _path, context) => ({
          resource: `${outside(context)}${path}`,
          authorization_servers: [issuer],
          bearer_methods_supported: ["header"],
          ...(scopes.length > 0 && { scopes_supported: scopes }),
        }),
      } satisfies Handlers,
    ]),
  );
}
