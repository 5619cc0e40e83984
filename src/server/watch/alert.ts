import { whereIs } from "../../config/source-map.ts";
import type { Config } from "../../config/types.ts";
import { variableNotSet } from "../../config/variables.ts";
import type { AlertConfig } from "../../config/watch/watch-types.ts";
import { LaunchpadError, messageOf } from "../../errors.ts";
import type { Host } from "../../host.ts";

/** Tells somebody. Resolves when it is told, or given up; never rejects. */
export type Alert = (alarm: object) => Promise<void>;

/** After a failure it is tried again so much later, in milliseconds; then no more. */
const waits = [1000, 5000, 25_000] as const;
const timeoutMs = 10_000;

/**
 * Sender of alarms.
 *
 * @param config The configuration: `drift.alert`.
 * @param host What the runtime can do.
 *
 * @returns What posts an alarm to a URL, or hands it to a command; undefined where nobody is to be told.
 *
 * @throws VARIABLE_NOT_SET; CONFIG_INVALID for a command where there are none, and for a variable without a URL.
 */
export function createAlert(config: Config, host: Host): Alert | undefined {
  const alert = config.drift?.alert;
  if (alert === undefined) return undefined;
  const log = host.log.child("drift");
  const ways = [postTo(config, alert, host), runCommand(config, alert, host)].filter((way) => way !== undefined);
  return async (alarm) => {
    const text = JSON.stringify(alarm);
    await Promise.all(
      ways.map(async ({ name, tell }) => {
        for (const wait of [...waits, undefined]) {
          try {
            await tell(text);
            return;
          } catch (error) {
            const again = wait === undefined ? "given up" : `tried again in ${wait / 1000} s`;
            log.warning(`drift.alert.${name}: an alarm could not be told, ${again}: ${messageOf(error)}`);
            if (wait !== undefined) await new Promise((resolve) => setTimeout(resolve, wait));
          }
        }
      }),
    );
  };
}

interface Way {
  readonly name: string;
  tell(text: string): Promise<void>;
}

function postTo(config: Config, { webhook, webhook_var: variable }: AlertConfig, host: Host): Way | undefined {
  const url = variable === undefined ? webhook : host.env(variable);
  if (variable !== undefined && !url) {
    const where = `${whereIs(config, ["drift", "alert", "webhook_var"])}: drift.alert.webhook_var`;
    throw variableNotSet(
      [variable],
      `${where}: the environment variable ${variable} is not set, expected it to hold a URL. Set it, or remove the key`,
    );
  }
  if (url === undefined) return undefined;
  if (!URL.canParse(url)) {
    const where = `${whereIs(config, ["drift", "alert"])}: drift.alert.webhook_var`;
    throw new LaunchpadError("CONFIG_INVALID", `${where}: found no URL in ${variable}, expected one`);
  }
  return {
    name: "webhook",
    async tell(body) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((cause) => {
        // Its message may hold the URL, which is a secret.
        throw new Error(`${new URL(url).host} cannot be reached`, { cause });
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
    },
  };
}

function runCommand(config: Config, { command }: AlertConfig, host: Host): Way | undefined {
  if (command === undefined) return undefined;
  const { run } = host;
  if (run === undefined) {
    const where = `${whereIs(config, ["drift", "alert", "command"])}: drift.alert.command`;
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}: found a command, expected a webhook: ${host.runtime.name} runs no commands`,
    );
  }
  return { name: "command", tell: (text) => run(command, text) };
}
