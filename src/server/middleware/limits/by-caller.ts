import type { CountsConfig } from "../../../config/doors/door-types.ts";
import { parseRate } from "../../../config/doors/rate.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { RateLimiter } from "../../../host.ts";
import { andThen } from "../../../util/and-then.ts";
import type { RequestContext } from "../../request-context.ts";
import type { Middleware } from "../fold.ts";
import { createCounter, type Verdict } from "./rate.ts";

/** What is counted, and by what. */
export interface CallerLimitOptions {
  /** Key in the section `limits`, under which responses name the limit. */
  readonly name: "by_key" | "by_address";
  readonly config: CountsConfig;
  /** Name under which a request is counted; undefined where it is not. */
  callerOf(context: RequestContext): string | undefined;
  /** Milliseconds since some moment; never goes back. */
  now(): number;
  /** Counter of the platform, where there is one. */
  readonly limiter: RateLimiter | undefined;
}

/** A platform counts within a minute at most. */
const limiterRetryAfter = 10;

/** Whoever watches over the process must not be kept away by callers. */
const unlimited = new Set(["/livez", "/readyz"]);

/**
 * Middleware that limits what one caller may ask: in a time, and at the same time. Responses say how much is left (RateLimit header
 * fields for HTTP, draft-ietf-httpapi-ratelimit-headers-10), refusals when to come again.
 *
 * @param options What is counted, and by what.
 *
 * @returns The layer.
 */
export function limitCallers({ name, config, callerOf, now, limiter }: CallerLimitOptions): Middleware {
  const rate = config.requests == null ? undefined : parseRate(config.requests);
  const burst = config.burst ?? rate?.requests ?? 1;
  const count = rate && createCounter(rate, burst, now);
  const policy = rate && `"${name}";q=${rate.requests};w=${rate.window}`;
  const most = config.concurrent ?? Number.POSITIVE_INFINITY;
  const running = new Map<string, number>();

  const refuse = (context: RequestContext, retryAfter: number, what: string): never => {
    context.headers["retry-after"] = String(retryAfter);
    throw new LaunchpadError(
      "RATE_LIMITED",
      `Too many requests (limits.${name}): ${what}. Come again in ${retryAfter} s`,
    );
  };
  const tell = (headers: Record<string, string>, { remaining, reset }: Verdict) => {
    add(headers, "ratelimit-policy", policy ?? "");
    add(headers, "ratelimit", `"${name}";r=${remaining};t=${reset}`);
  };
  const done = (caller: string) => {
    const left = (running.get(caller) ?? 1) - 1;
    if (left === 0) running.delete(caller);
    else running.set(caller, left);
  };
  /** Not more at the same time. */
  const within: Middleware = (context, next) => {
    const caller = callerOf(context);
    if (caller === undefined || most === Number.POSITIVE_INFINITY) return next(context);
    const now = running.get(caller) ?? 0;
    if (now >= most) return refuse(context, 1, `expected at most ${most} at the same time`);
    running.set(caller, now + 1);
    let response: ReturnType<typeof next>;
    try {
      response = next(context);
    } catch (error) {
      done(caller);
      throw error;
    }
    if (response instanceof Promise) return response.finally(() => done(caller));
    done(caller);
    return response;
  };

  return (context, next) => {
    if (unlimited.has(context.target.route)) return next(context);
    const caller = callerOf(context);
    if (caller === undefined) return next(context);
    if (count && rate) {
      const verdict = count(caller);
      tell(context.headers, verdict);
      if (!verdict.allowed) {
        return refuse(context, verdict.retryAfter, `expected at most ${rate.requests} in ${rate.window} s`);
      }
    }
    if (limiter === undefined) return within(context, next);
    return andThen(limiter.limit({ key: `${name}:${caller}` }), ({ success }) =>
      success ? within(context, next) : refuse(context, limiterRetryAfter, "expected fewer in this time"),
    );
  };
}

/** Several limits are a list. */
function add(headers: Record<string, string>, name: string, value: string): void {
  headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
}
