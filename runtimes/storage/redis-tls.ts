import { isIP } from "node:net";
import type { RedisOptions } from "ioredis";
import { LaunchpadError } from "../../src/internal.ts";
import type { DriverOptions } from "./driver-options.ts";

/** The options of TLS, and what each of them holds, in PEM. */
const contents = { ca: "CERTIFICATE", cert: "CERTIFICATE", key: "PRIVATE KEY" } as const;

/** The names of these options. */
export const tlsOptions = Object.keys(contents) as readonly (keyof typeof contents)[];

/**
 * Creates the settings of TLS for a connection to Redis.
 *
 * @param protocol `redis:` or `rediss:`.
 * @param host The host, which the server's certificate must name.
 * @param options `ca` (who signed the server's certificate, if it is nobody whom the runtime knows), `cert` and `key`
 * (the client's own, if the server asks for them), as text.
 *
 * @returns The settings; undefined without TLS.
 *
 * @throws CONFIG_INVALID for an option that is not PEM, or does not belong there.
 */
export function tlsSettings(protocol: string, host: string, options: DriverOptions): RedisOptions["tls"] {
  const given = tlsOptions.flatMap((name) => {
    const text = options.text(name);
    return text === undefined ? [] : [[name, pem(name, text)] as const];
  });
  const [first] = given;
  if (protocol !== "rediss:" && first) {
    throw invalid(first[0], "expected a location that starts with rediss: (Redis with TLS)");
  }
  const settings = Object.fromEntries(given);
  for (const [name, other] of [
    ["cert", "key"],
    ["key", "cert"],
  ] as const) {
    if (settings[name] && !settings[other])
      throw invalid(name, `found no ${other}, expected both: they belong together`);
  }
  if (protocol !== "rediss:") return undefined;
  // An address is no name that a server could choose its certificate by (RFC 6066, section 3).
  return { ...(isIP(host) ? {} : { servername: host }), ...settings };
}

function pem(name: keyof typeof contents, text: string): string {
  if (new RegExp(`-----BEGIN (?:[A-Z0-9]{1,16} ){0,2}${contents[name]}-----`).test(text)) return text;
  throw invalid(
    name,
    `expected the text of a file in PEM (-----BEGIN ${contents[name]}-----), and not its path. ` +
      `Put it into an environment variable, and the name of that into ${name}_var`,
  );
}

function invalid(name: string, message: string): LaunchpadError {
  return new LaunchpadError("CONFIG_INVALID", `model_store.${name}: ${message}`);
}
