import { LaunchpadError } from "../../src/internal.ts";
import type { BackendContext } from "./backend.ts";

/** Bindings, variables and secrets, as Cloudflare hands them to a Worker. */
export type Env = BackendContext["bindings"];

/**
 * Reader of variables and secrets: those are the texts in an environment, everything else is a binding.
 *
 * @param env The environment.
 *
 * @returns Reads a variable.
 */
export function variableOf(env: Env): (name: string) => string | undefined {
  return (name) => {
    const value = env[name];
    return typeof value === "string" ? value : undefined;
  };
}

/** What tells a kind of binding from others. */
export interface BindingKind {
  /** Its key in `wrangler.jsonc`. */
  readonly key: string;
  /** A method that only this kind has. */
  readonly method: string;
}

/**
 * Finds a binding by the name in a URL.
 *
 * @param url The URL, whose host is the name.
 * @param bindings The bindings of the Worker.
 * @param kind Which kind it must be.
 * @param where Where the URL stands, for messages.
 *
 * @returns The binding.
 *
 * @throws BINDING_NOT_SET when there is none of that kind.
 */
export function bindingOf<Bound>(
  { protocol, host }: URL,
  bindings: BackendContext["bindings"],
  { key, method }: BindingKind,
  where: string,
): Bound {
  const binding = bindings[host];
  if (typeof binding === "object" && binding !== null && method in binding) return binding as Bound;
  throw new LaunchpadError(
    "BINDING_NOT_SET",
    `${where}: found ${protocol}//${host}, but there is no such binding named ${host}. Add it to ${key} in wrangler.jsonc.`,
    { detail: `Not bound where this API runs: ${host} (${key}).` },
  );
}
