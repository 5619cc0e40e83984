import type { SecurityScheme } from "../../../api/write/openapi/security.ts";
import type { AuthConfig } from "../../../config/doors/door-types.ts";
import { whereIs } from "../../../config/source-map.ts";
import type { Config } from "../../../config/types.ts";
import { filledSection } from "../../../config/variables.ts";
import type { Host } from "../../../host.ts";
import type { Handlers, RequestContext } from "../../request-context.ts";
import { type IsListed, listOf } from "../address.ts";
import type { Middleware } from "../fold.ts";
import { pathsOf } from "./access.ts";
import { createApiKeys } from "./api-keys.ts";
import { createGuard } from "./guard.ts";
import { createJwt } from "./jwt.ts";
import { createCertificateCallers, createProxyCallers } from "./proxy.ts";
import { metadataPath, resourceMetadata } from "./resource-metadata.ts";

/** What guards an API. */
export interface Auth {
  readonly guard: Middleware;
  /** What says who gives out tokens, by path. */
  readonly endpoints: Readonly<Record<string, Handlers>>;
  /** Ways in which a caller can say who they are, as documents name them. */
  readonly schemes: readonly SecurityScheme[];
}

/** What is known of the server besides its section `auth`. */
export interface AuthContext {
  readonly host: Pick<Host, "env" | "now" | "callerAddress" | "callerCertificate">;
  /** Name of the server, which a browser may show. */
  readonly realm: string;
  /** Whether an address is that of a proxy that is trusted. */
  readonly isProxy: IsListed;
  /** Paths below which there are resources of their own, such as that of MCP. */
  readonly resources: readonly string[];
  /** The URL of the server, as a caller knows it. */
  outside(context: RequestContext): string;
}

/**
 * Authentication that the `auth` section of a configuration asks for.
 *
 * @param config A configuration with such a section.
 * @param about What is known of the server besides.
 *
 * @returns The layer that lets callers in, and what says how to.
 *
 * @throws VARIABLE_NOT_SET; CONFIG_INVALID when a variable holds no digest, or no URL.
 */
export function createAuth(config: object, { host, realm, isProxy, resources, outside }: AuthContext): Auth {
  const auth = filledSection(config as Config, ["auth"], host.env) as AuthConfig;
  const where = `${whereIs(config, ["auth"])}: auth`;
  const { api_keys, jwt, mtls, proxy } = auth;
  const outsideUrl = (context: RequestContext) => auth.resource?.replace(/\/+$/, "") ?? outside(context);
  const trusted = (from: readonly string[] | null | undefined) => (from == null ? isProxy : listOf(from));
  const sayings = [
    ...(mtls ? [createCertificateCallers(mtls, trusted(mtls.from), host)] : []),
    ...(proxy ? [createProxyCallers(proxy, trusted(proxy.from), host)] : []),
  ];
  const endpoints = jwt
    ? resourceMetadata({
        issuer: jwt.issuer,
        scopes: jwt.scopes == null ? [] : Array.isArray(jwt.scopes) ? jwt.scopes : Object.keys(jwt.scopes),
        paths: ["", ...resources],
        outside: outsideUrl,
      })
    : {};
  const isPublic = pathsOf([...auth.public.flatMap(withFiles), ...Object.keys(endpoints)]);
  return {
    guard: createGuard({
      findKey: api_keys === undefined ? undefined : createApiKeys(api_keys, `${where}.api_keys`),
      verifyToken: jwt && createJwt(jwt, { now: host.now, where: `${where}.jwt` }),
      sayings,
      isPublic,
      realm,
      metadata: (context) => {
        if (!jwt) return undefined;
        const resource = resources.find((path) => context.target.route === path) ?? "";
        return `${outsideUrl(context)}${metadataPath}${resource}`;
      },
    }),
    endpoints,
    schemes: [
      ...(api_keys ? (["apiKey", "bearer"] as const) : []),
      ...(jwt ? (["jwt"] as const) : []),
      ...(mtls ? (["mutualTLS"] as const) : []),
    ],
  };
}

/** A page is of no use without its files, and the document that it shows. */
function withFiles(path: string): readonly string[] {
  return path === "/docs" ? ["/docs", "/docs/*", "/openapi.json"] : [path];
}
