import { LaunchpadError } from "../../errors.ts";
import type { Awaitable, RequestContext } from "../request-context.ts";

/** Calls a function with a request whose signal is aborted in time. Rejects with TIMED_OUT. */
export type WithTimeout = <T>(context: RequestContext, answer: (context: RequestContext) => Awaitable<T>) => Promise<T>;

/**
 * Time-out of requests. Whatever comes later is dropped, also from a model that does not look at its signal.
 *
 * @param seconds How long a request may take.
 *
 * @returns A function that calls another one.
 */
export function createTimeout(seconds: number): WithTimeout {
  return <T>(context: RequestContext, answer: (context: RequestContext) => Awaitable<T>): Promise<T> => {
    const late = new LaunchpadError("TIMED_OUT", `no answer within ${seconds} seconds (api.timeout)`);
    const controller = new AbortController();
    context.limitBy(controller.signal);
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(late);
        controller.abort(late);
      }, seconds * 1000);
      const answered = async () => answer(context);
      answered()
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  };
}
