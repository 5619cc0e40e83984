import type { Host } from "../../src/internal.ts";
import type { Env } from "./binding.ts";

/**
 * Creates what finds queues that are bound to a Worker.
 *
 * @param env Bindings.
 *
 * @returns A part of a host.
 */
export function queuesOf(env: Env): Required<Pick<Host, "queue">> {
  return {
    queue(name) {
      const binding = env[name];
      const isQueue = typeof binding === "object" && binding !== null && "sendBatch" in binding;
      return isQueue ? (binding as object as ReturnType<NonNullable<Host["queue"]>>) : undefined;
    },
  };
}
