import type { LimitsConfig } from "../../../config/doors/door-types.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { Host, RateLimiter } from "../../../host.ts";
import type { RequestContext } from "../../request-context.ts";
import { type AddressOf, countedAs } from "../address.ts";
import type { Middleware } from "../fold.ts";
import { limitCallers } from "./by-caller.ts";
import { limitModel } from "./model-queue.ts";
import { limitSizes } from "./sizes.ts";

/** Layers of limits: before it is known who calls, and after. */
export interface Limits {
  readonly before: readonly (Middleware | undefined)[];
  readonly after: readonly (Middleware | undefined)[];
}

/**
 * Limits that the `limits` section of a configuration asks for.
 *
 * @param limits The section.
 * @param options A clock, counters of the platform, what finds the address of a caller, and where the section stands.
 *
 * @returns Layers.
 *
 * @throws BINDING_NOT_SET when the platform has no counter of a name; CONFIG_INVALID where only the other way of counting is there.
 */
export function createLimits(
  limits: LimitsConfig,
  {
    host,
    addressOf,
    where,
  }: {
    readonly host: Pick<Host, "now" | "elapsed" | "rateLimiter" | "isolated">;
    readonly addressOf: AddressOf;
    readonly where: string;
  },
): Limits {
  const now = host.elapsed ?? host.now;
  const limiterOf = (name: "by_key" | "by_address"): RateLimiter | undefined => {
    const { binding, requests, concurrent } = limits[name] ?? {};
    if (!host.isolated) {
      if (requests != null || concurrent != null) return undefined;
      const advice = 'expected requests as well, such as "100/s": only Workers have bindings';
      throw new LaunchpadError("CONFIG_INVALID", `${where}.${name}: found binding alone, ${advice}`);
    }
    if (binding == null) {
      throw new LaunchpadError(
        "CONFIG_INVALID",
        `${where}.${name}: found no binding, expected the name of a rate limiting binding as well: ` +
          "each of the many instances of a Worker would count by itself",
      );
    }
    const limiter = host.rateLimiter?.(binding);
    if (limiter) return limiter;
    throw new LaunchpadError(
      "BINDING_NOT_SET",
      `${where}.${name}.binding: found ${binding}, but there is no such binding named ${binding}. Add it to ratelimits in wrangler.jsonc.`,
      { detail: `Not bound where this API runs: ${binding} (ratelimits).` },
    );
  };
  const byCaller = (name: "by_key" | "by_address", callerOf: (context: RequestContext) => string | undefined) => {
    const config = limits[name];
    if (config === undefined) return undefined;
    const limiter = limiterOf(name);
    return limitCallers({ name, config: limiter ? {} : config, callerOf, now, limiter });
  };
  return {
    before: [
      limitSizes({ maxUrlBytes: limits.max_url_bytes, maxHeaderBytes: limits.max_header_bytes }),
      byCaller("by_address", (context) => countedAs(addressOf(context))),
    ],
    after: [byCaller("by_key", ({ caller }) => caller), limits.model && limitModel(limits.model)],
  };
}
