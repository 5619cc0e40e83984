import type { JwtConfig } from "../../../config/doors/door-types.ts";
import { isKeySetUrl } from "../../../config/doors/key-digest.ts";
import { LaunchpadError, messageOf } from "../../../errors.ts";
import { memoizeAsync } from "../../../util/memoize-async.ts";
import type { Caller } from "../../request-context.ts";
import { accessTo, anyOf, everything, type May } from "./access.ts";

/** Finds who bears a token; rejects with UNAUTHORIZED, or FORBIDDEN without any of the scopes. */
export type VerifyToken = (token: string) => Promise<Caller>;

/** More than any issuer has of keys. */
const maxKeySetBytes = 256 * 1024;
/** An unknown key makes an issuer be asked again, but not at each request of whoever sends nonsense. */
const cooldownMs = 30_000;
const timeoutMs = 5000;
const maxAgeMs = 600_000;
/** Longer than any token that fits in a header. */
const maxTokenLength = 16_384;

/**
 * Verifier of JSON Web Tokens (RFC 7519, RFC 8725): algorithm on the list, signature of the issuer, issuer, audience, times.
 *
 * @param config What a token must be.
 * @param options The clock, and where the section stands.
 *
 * @returns A function from a token.
 *
 * @throws CONFIG_INVALID when the URL of the keys is none.
 */
export function createJwt(
  config: JwtConfig,
  { now, where }: { readonly now: () => number; readonly where: string },
): VerifyToken {
  const { issuer, audience, jwks, algorithms, clock_skew: clockTolerance, name, scopes } = config;
  if (!isKeySetUrl(jwks)) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}.jwks: found no URL of https:, expected that of the issuer's keys`,
    );
  }
  const byScope = scopeTable(scopes);
  const opened = memoizeAsync(async () => {
    const { createRemoteJWKSet, customFetch, jwtVerify } = await import("jose");
    const keys = createRemoteJWKSet(new URL(jwks), {
      timeoutDuration: timeoutMs,
      cooldownDuration: cooldownMs,
      cacheMaxAge: maxAgeMs,
      [customFetch]: fetchKeySet,
    });
    return (token: string) =>
      jwtVerify(token, keys, {
        issuer,
        audience: [audience].flat(),
        algorithms: [...algorithms],
        clockTolerance,
        currentDate: new Date(now()),
        requiredClaims: ["exp"],
      });
  });
  return async (token) => {
    if (token.length > maxTokenLength) throw refused("it is too long");
    const verify = await opened();
    const { payload } = await verify(token).catch((error: unknown) => {
      throw refusalOf(error, jwks);
    });
    const bearer = payload[name];
    if (typeof bearer !== "string" || bearer === "") throw refused(`it has no claim ${name}, which names the caller`);
    const held = scopesIn(payload.scope ?? payload.scp);
    return {
      name: printable(bearer),
      may: byScope === undefined ? everything : anyOf(held.flatMap((scope) => byScope.get(scope) ?? [])),
    };
  };
}

function scopeTable(scopes: JwtConfig["scopes"]): ReadonlyMap<string, May> | undefined {
  if (scopes == null) return undefined;
  const entries = Array.isArray(scopes)
    ? scopes.map((scope): [string, May] => [scope, everything])
    : Object.entries(scopes).map(([scope, access]): [string, May] => [scope, accessTo(access)]);
  return new Map(entries);
}

/** As a text with spaces (RFC 8693), or as a list. */
function scopesIn(claim: unknown): readonly string[] {
  if (typeof claim === "string") return claim.split(" ");
  return Array.isArray(claim) ? claim.filter((scope): scope is string => typeof scope === "string") : [];
}

/** What comes is read to its limit, wherever it comes from. */
async function fetchKeySet(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, options);
  if (response.body === null || response.status !== 200) return response;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Response(new Blob(chunks), { status: 200 });
    length += value.byteLength;
    if (length > maxKeySetBytes) {
      reader.cancel().catch(() => {});
      throw new Error(`the keys take more than ${maxKeySetBytes} bytes`);
    }
    chunks.push(value);
  }
}

/** What is wrong with a token; the messages of the library name claims and no values. */
const reasons: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: "it has expired",
  ERR_JWT_INVALID: "it is no JSON Web Token",
  ERR_JWS_INVALID: "it is no JSON Web Token",
  ERR_JOSE_ALG_NOT_ALLOWED: "its algorithm is none of those that this API takes",
  ERR_JWKS_NO_MATCHING_KEY: "no key of the issuer fits it",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "several keys of the issuer fit it, and it names none of them",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "its signature does not fit",
};

function refusalOf(error: unknown, jwks: string): LaunchpadError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ERR_JWT_CLAIM_VALIDATION_FAILED" && error instanceof Error && "claim" in error) {
    return refused(`its claim ${String(error.claim)} is none that this API takes`);
  }
  const reason = reasons[code];
  if (reason !== undefined) return refused(reason);
  if (code === "ERR_JOSE_NOT_SUPPORTED" || code.startsWith("ERR_JWS_") || code.startsWith("ERR_JWT_"))
    return refused("it cannot be verified");
  return new LaunchpadError(
    "KEYS_UNAVAILABLE",
    `the keys of the issuer of tokens cannot be fetched from ${new URL(jwks).origin}: ${messageOf(error)}`,
    { cause: error, detail: "Tokens cannot be verified at the moment. Try again later." },
  );
}

function refused(why: string): LaunchpadError {
  return new LaunchpadError("UNAUTHORIZED", `The token is not valid: ${why}`);
}

/** A name goes into logs. */
function printable(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, "?").slice(0, 128);
}
