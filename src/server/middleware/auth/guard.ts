import { LaunchpadError } from "../../../errors.ts";
import type { Caller, RequestContext } from "../../request-context.ts";
import type { Middleware } from "../fold.ts";
import type { FindCaller } from "./api-keys.ts";
import type { VerifyToken } from "./jwt.ts";
import type { FindBySaying } from "./proxy.ts";

/** Ways in which a caller can say who they are. */
export interface GuardOptions {
  readonly findKey: FindCaller | undefined;
  readonly verifyToken: VerifyToken | undefined;
  /** Who calls by what a trusted proxy or the platform says. */
  readonly sayings: readonly FindBySaying[];
  /** Whether anybody may ask a path, by its template. */
  isPublic(route: string): boolean;
  /** Name of what is guarded. */
  readonly realm: string;
  /** The URL that says who gives out tokens (RFC 9728), where there are tokens. */
  metadata(context: RequestContext): string | undefined;
}

/** Three parts, of which the first is an object of JSON in Base64. */
const tokenForm = /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/;

/**
 * Middleware that lets in whoever may come in. It asks after the path has been found, so that there is no other way to write one.
 *
 * @param options Ways in which a caller can say who they are.
 *
 * @returns The layer; it keeps in the context who calls.
 */
export function createGuard(options: GuardOptions): Middleware {
  const { findKey, verifyToken, sayings, isPublic, realm, metadata } = options;
  const ways = [
    ...(findKey ? ["x-api-key: <key>", "Authorization: Bearer <key>"] : []),
    ...(verifyToken ? ["Authorization: Bearer <token>"] : []),
  ];
  const expected = ways.length > 0 ? ways.join(", or ") : "a caller whom the proxy in front names";

  const challenge = (context: RequestContext, error?: "invalid_token" | "insufficient_scope") => {
    const url = metadata(context);
    const parts = [
      `realm="${realm}"`,
      ...(error ? [`error="${error}"`] : []),
      ...(url === undefined ? [] : [`resource_metadata="${url}"`]),
    ];
    context.headers["www-authenticate"] = `Bearer ${parts.join(", ")}`;
  };
  const refuse = (context: RequestContext, message: string): never => {
    challenge(context, "invalid_token");
    throw new LaunchpadError("UNAUTHORIZED", message);
  };

  /** Whoever shows something wrong does not come in by another way. */
  const identify = (context: RequestContext): Caller | Promise<Caller> | undefined => {
    const { headers } = context.request;
    const key = findKey && headers.get("x-api-key");
    if (findKey && key) {
      context.callerKind = "key";
      return findKey(key) ?? refuse(context, "The key in x-api-key is none of this API");
    }
    const authorization = findKey || verifyToken ? headers.get("authorization") : null;
    if (authorization !== null) {
      const [, bearer] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
      if (bearer === undefined)
        return refuse(context, `The header Authorization has another form: expected ${expected}`);
      if (verifyToken && tokenForm.test(bearer)) {
        context.callerKind = "token";
        return verifyToken(bearer).catch((error) => {
          challenge(context, "invalid_token");
          throw error;
        });
      }
      context.callerKind = "key";
      return findKey?.(bearer) ?? refuse(context, "What the header Authorization bears is no key of this API");
    }
    for (const find of sayings) {
      const caller = find(context);
      if (caller) {
        context.callerKind = "proxy";
        return caller;
      }
    }
    return undefined;
  };

  const admit = (context: RequestContext, caller: Caller) => {
    context.caller = caller.name;
    context.may = caller.may;
    // Whatever stands between must not keep what only this caller may see.
    context.headers["cache-control"] = "no-store";
    const { target } = context;
    // Which model is asked is known when the body has been read.
    if (caller.may(target) || (target.modelInBody && target.model === undefined)) return;
    challenge(context, "insufficient_scope");
    throw new LaunchpadError(
      "FORBIDDEN",
      `The caller ${caller.name} may not ask this: it is not among their models and routes`,
    );
  };

  return (context, next) => {
    const { route, asksItself } = context.target;
    if (asksItself || isPublic(route)) return next(context);
    const caller = identify(context);
    if (caller === undefined) {
      challenge(context);
      throw new LaunchpadError("UNAUTHORIZED", `This path is not for everybody: expected ${expected}`);
    }
    if (caller instanceof Promise) {
      return caller.then((it) => {
        admit(context, it);
        return next(context);
      });
    }
    admit(context, caller);
    return next(context);
  };
}
