import type { Logger } from "../../log.ts";
import type { RequestContext } from "../request-context.ts";
import { metricsType } from "./metrics.ts";
import { createSender } from "./send.ts";

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
 * @param text Gives the metrics, with a label more.
 * @param options Where they go, with which token; the seconds between two pushes; a clock, and the log.
 *
 * @returns A function that sends them when the interval is over, or many requests have been answered.
 */
export function createPush(
  text: (labels: Readonly<Record<string, string>>) => Promise<string>,
  options: {
    readonly url: string;
    readonly token: string | undefined;
    readonly interval: number;
    now(): number;
    readonly log: Logger;
  },
): Push {
  const { token, url } = options;
  let instance = "";
  const parcel = async () => {
    // Not before a request is there: Workers have no random numbers until then.
    instance ||= crypto.randomUUID();
    return {
      url: url.replaceAll("{instance}", instance),
      headers: { "content-type": metricsType, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: await text({ instance }),
      timeout: timeoutMs,
    };
  };
  return afterRequests(createSender(parcel, "api.metrics.push", options.log), options.interval * 1000, options.now);
}

/**
 * Creates what does something now and then while requests come, where there are no timers without one.
 *
 * @param send What is done.
 * @param interval Milliseconds between two times.
 * @param now A clock.
 *
 * @returns To be called after each request.
 */
export function afterRequests(send: () => Promise<void>, interval: number, now: () => number): Push {
  /** When the one that waits was begun. */
  let waitingSince: number | undefined;
  let unsent = 0;
  const sendNow = async (): Promise<void> => {
    waitingSince = undefined;
    if (unsent === 0) return;
    unsent = 0;
    await send();
  };
  return (context) => {
    unsent += 1;
    if (unsent >= maxSeries) {
      context.waitUntil(sendNow());
      return;
    }
    // A runtime may have ended the one that waits, without a word.
    if (waitingSince !== undefined && Math.abs(now() - waitingSince) < 2 * interval) return;
    waitingSince = now();
    context.waitUntil(new Promise((resolve) => setTimeout(resolve, interval)).then(sendNow));
  };
}
