import type { WebhooksConfig } from "../../config/jobs/job-types.ts";
import { whereIs } from "../../config/source-map.ts";
import type { Config } from "../../config/types.ts";
import { variableNotSet } from "../../config/variables.ts";
import { LaunchpadError } from "../../errors.ts";
import { fromBase64, toBase64 } from "../../util/base64.ts";
import { argumentsInvalid } from "../arguments-invalid.ts";
import type { Job } from "./job.ts";

/** Header in which a caller says where the end of a job is told. */
export const webhookHeader = "webhook-url";

/** After a failure an end is told again so much later, in seconds; then no more. */
export const webhookWaits = [1, 5, 30, 120, 600] as const;

const timeoutMs = 10_000;
const maxUrlLength = 2048;

/** Tells the ends of jobs. */
export interface Webhooks {
  /** Takes the URL that a caller wants to be told at. Throws ARGUMENTS_INVALID where configuration does not allow it. */
  accept(url: string): string;
  /** Tells an end once. Resolves with why it could not be told; undefined when it was, or never can be. */
  tell(url: string, messageId: string, job: Job): Promise<string | undefined>;
}

/**
 * Webhooks in the form of Standard Webhooks (https://www.standardwebhooks.com): signed with HMAC-SHA256, and sent to hosts alone that
 * the configuration names. Redirects are not followed: who is allowed could lead elsewhere by them.
 *
 * @param config The configuration, with the section `api.jobs.webhooks`.
 * @param webhooks The section.
 * @param host Reads the secret, and a clock.
 *
 * @returns What tells.
 *
 * @throws VARIABLE_NOT_SET; CONFIG_INVALID when a variable holds no secret.
 */
export function createWebhooks(
  config: Config,
  { hosts, secret_var: variable }: WebhooksConfig,
  host: { env(name: string): string | undefined; now(): number },
): Webhooks {
  const where = `${whereIs(config, ["api", "jobs", "webhooks", "secret_var"])}: api.jobs.webhooks.secret_var`;
  const given = host.env(variable);
  if (!given) {
    throw variableNotSet(
      [variable],
      `${where}: the environment variable ${variable} is not set, expected it to hold whsec_ and the secret in base64`,
    );
  }
  // While a secret is replaced, messages bear the signatures of both.
  const secrets = given
    .split(/\s+/)
    .filter((one) => one !== "")
    .map((one) => secretOf(one, `${where}: ${variable}`));
  const isAllowed = allowedBy(hosts);
  const keys = () =>
    Promise.all(
      secrets.map((bytes) => crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"])),
    );
  let imported: ReturnType<typeof keys> | undefined;

  return {
    accept(text) {
      const url = text.length <= maxUrlLength && URL.canParse(text) ? new URL(text) : undefined;
      if (url === undefined || url.username !== "" || url.password !== "") {
        throw refused("expected the URL of a server, without a user name or password");
      }
      if (isAllowed(url)) return url.href;
      throw refused("expected a host that api.jobs.webhooks.hosts of the server allows");
    },
    async tell(url, messageId, job) {
      // A configuration may allow less than the one under which the job began.
      if (!isAllowed(new URL(url))) return undefined;
      const timestamp = String(Math.floor(host.now() / 1000));
      const type = `prediction.${job.status}`;
      const body = JSON.stringify({ type, timestamp: job.completed_at, data: job });
      imported ??= keys();
      const content = new TextEncoder().encode(`${messageId}.${timestamp}.${body}`);
      const signatures = await Promise.all(
        (await imported).map(
          async (key) => `v1,${toBase64(new Uint8Array(await crypto.subtle.sign("HMAC", key, content)))}`,
        ),
      );
      try {
        const response = await fetch(url, {
          method: "POST",
          redirect: "manual",
          headers: {
            "content-type": "application/json",
            "webhook-id": messageId,
            "webhook-timestamp": timestamp,
            "webhook-signature": signatures.join(" "),
          },
          body,
          signal: AbortSignal.timeout(timeoutMs),
        });
        await response.body?.cancel();
        // 410: whoever listens wants no more of them.
        if (response.ok || response.status === 410) return undefined;
        return `${new URL(url).host} answered ${response.status}`;
      } catch {
        // The message of the error may hold the URL, which may be a secret.
        return `${new URL(url).host} cannot be reached`;
      }
    },
  };
}

function refused(expected: string): LaunchpadError {
  return argumentsInvalid([{ in: "header", name: webhookHeader, message: expected }]);
}

function secretOf(text: string, where: string): Uint8Array<ArrayBuffer> {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  try {
    bytes = base64 === undefined ? undefined : fromBase64(base64);
  } catch {
    // It is none, which the message says.
  }
  if (bytes && bytes.length >= 24 && bytes.length <= 64) return bytes;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${where}: found something else, expected whsec_ and 24 to 64 bytes in base64; several with spaces between. ` +
      "Make one: echo whsec_$(openssl rand -base64 32)",
  );
}

/** What tells whether a URL is at one of several origins. */
function allowedBy(hosts: readonly string[]): (url: URL) => boolean {
  const rules = hosts.map((host) => {
    const isBelow = host.includes("://*.");
    const { protocol, hostname, port } = new URL(host.replace("://*.", "://"));
    return { isBelow, protocol, hostname, port };
  });
  return (url) =>
    rules.some(
      ({ isBelow, protocol, hostname, port }) =>
        url.protocol === protocol &&
        url.port === port &&
        (isBelow ? url.hostname.endsWith(`.${hostname}`) : url.hostname === hostname),
    );
}
