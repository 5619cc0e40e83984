import type { Host } from "../../src/internal.ts";
import type { Env } from "./binding.ts";

/** What Cloudflare adds to a request. */
interface Platform {
  readonly cf?: {
    readonly tlsClientAuth?: {
      readonly certPresented?: string;
      readonly certVerified?: string;
      readonly certSubjectDN?: string;
    };
  };
}

/**
 * Knowledge that Cloudflare has of callers: it writes their addresses into requests, checks their certificates, and counts for all
 * isolates.
 *
 * @param env Bindings.
 *
 * @returns A part of a host.
 */
export function platformOf(env: Env): Pick<Host, "callerAddress" | "callerCertificate" | "rateLimiter"> {
  return {
    callerAddress: ({ headers }) => headers.get("cf-connecting-ip") ?? undefined,
    callerCertificate(request) {
      const { certPresented, certVerified, certSubjectDN = "" } = (request as Platform).cf?.tlsClientAuth ?? {};
      if (certPresented !== "1") return undefined;
      return { verified: certVerified === "SUCCESS", subject: certSubjectDN };
    },
    rateLimiter(name) {
      const binding = env[name];
      const isLimiter = typeof binding === "object" && binding !== null && "limit" in binding;
      return isLimiter ? (binding as ReturnType<NonNullable<Host["rateLimiter"]>>) : undefined;
    },
  };
}
