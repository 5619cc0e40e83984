import { whereIs } from "../config/source-map.ts";
import { variableNotSet } from "../config/variables.ts";
import type { Host } from "../host.ts";
import type { Admin } from "./endpoints/admin.ts";
import type { WithServer } from "./options-from-config.ts";

/**
 * Admin path, if the configuration asks for it.
 *
 * @param config The configuration.
 * @param host Reads the token.
 * @param refresh Looks for newer models.
 *
 * @returns The path; undefined where there is none.
 *
 * @throws VARIABLE_NOT_SET.
 */
export function adminOf(
  config: WithServer,
  host: Pick<Host, "env">,
  refresh: () => Promise<unknown>,
): Admin | undefined {
  const { admin, admin_token_var: variable } = config.api ?? {};
  if (!admin || variable === undefined) return undefined;
  const token = host.env(variable);
  if (token) return { token, refresh };
  throw variableNotSet(
    [variable],
    `${whereIs(config, ["api", "admin_token_var"])}: api.admin_token_var: the environment variable ${variable} is not set, ` +
      "expected it to hold the token of the admin path. Set it, or set api.admin to false",
  );
}
