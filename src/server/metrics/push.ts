import { messageOf } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import type { RequestContext } from "../request-context.ts";
import { type Metrics, metricsType } from "./metrics.ts";

/** To be called after each request. Never fails. */
export type Push = (context: Pick<RequestContext, "waitUntil">) => void;

/** So many requests are not kept waiting for the interval to end. */
const maxSeries = 1000;
/** A receiver that does not answer is no reason to keep an isolate alive. */
const timeoutMs = 10_000;

/**
 * Sender of metrics, for runtimes in which many isolates serve that share nothing and cannot be asked. The
 * numbers of an isolate are counted from its beginning, as everywhere; the label `instance` keeps those of several apart.
 *
 * @param metrics The metrics.
 * @param options Where they go, with which token; the seconds between two pushes; a clock, and the log.
 *
 * @returns A function that sends them when the interval is over, or many requests have been answered.
 */
export function createPush(
  metrics: Metrics,
  options: {
    readonly url: string;
    readonly token: string | undefined;
    readonly interval: number;
    now(): number;
    readonly log: Logger;
  },
): Push {
  const { token, now, log } = options;
  const interval = options.interval * 1000;
  /** When the push that waits was begun. */
  let waitingSince: number | undefined;
  let unsent = 0;
  let failure: string | undefined;
  let instance = "";

  const send = async (): Promise<void> => {
    waitingSince = undefined;
    if (unsent === 0) return;
    unsent = 0;
    // Not before a request is there: Workers have no random numbers until then.
    instance ||= crypto.randomUUID();
    try {
      const response = await fetch(options.url.replaceAll("{instance}", instance), {
        method: "POST",
        headers: { "content-type": metricsType, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        body: metrics.text({ instance }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`it answered ${response.status}`);
      if (failure !== undefined) log.info("metrics can be sent again");
      failure = undefined;
    } catch (error) {
      // The same reason comes back with every push: it is logged once. What was not sent is in the next.
      const reason = messageOf(error);
      const { host } = new URL(options.url);
      if (reason !== failure) log.warning(`metrics cannot be sent to ${host} (api.metrics.push): ${reason}`);
      failure = reason;
    }
  };

  return (context) => {
    unsent += 1;
    if (unsent >= maxSeries) {
      context.waitUntil(send());
      return;
    }
    // A runtime may have ended the one that waits, without a word.
    if (waitingSince !== undefined && Math.abs(now() - waitingSince) < 2 * interval) return;
    waitingSince = now();
    context.waitUntil(new Promise((resolve) => setTimeout(resolve, interval)).then(send));
  };
}
