import type { LimitsConfig } from "../../../config/doors/door-types.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { RequestContext } from "../../request-context.ts";
import type { Answer, Middleware } from "../fold.ts";

/** Seconds after which a caller may ask again. */
const retryAfter = "1";

/** A request that waits. */
interface Waiting {
  start(): void;
  refuse(error: LaunchpadError): void;
}

/**
 * Middleware that lets so many requests have predictions made at the same time. Others wait, in their order; those that find the queue
 * full, or wait too long, are told to come again. Their bodies have not been read by then.
 *
 * @param config How many at the same time, how many may wait, and how long.
 *
 * @returns The layer.
 */
export function limitModel({ concurrent, queue, wait }: NonNullable<LimitsConfig["model"]>): Middleware {
  let running = 0;
  const waiting = new Set<Waiting>();

  const overloaded = (context: RequestContext, why: string) => {
    context.headers["retry-after"] = retryAfter;
    return new LaunchpadError("OVERLOADED", `the model has ${concurrent} requests (limits.model), and ${why}`, {
      detail: "The model has as many requests as it takes. Try again later.",
    });
  };
  const next = () => {
    const [first] = waiting;
    if (first === undefined) {
      running -= 1;
      return;
    }
    waiting.delete(first);
    first.start();
  };
  const run = (context: RequestContext, answer: Answer) => {
    let response: ReturnType<Answer>;
    try {
      response = answer(context);
    } catch (error) {
      next();
      throw error;
    }
    if (response instanceof Promise) return response.finally(next);
    next();
    return response;
  };
  const queued = (context: RequestContext): Promise<void> => {
    const { signal } = context.request;
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", leave);
        waiting.delete(entry);
      };
      const entry: Waiting = {
        start() {
          end();
          resolve();
        },
        refuse(error) {
          end();
          reject(error);
        },
      };
      const timer = setTimeout(
        () => entry.refuse(overloaded(context, `this one has waited for ${wait} s`)),
        wait * 1000,
      );
      const leave = () => entry.refuse(overloaded(context, "the client of this one has gone away"));
      signal.addEventListener("abort", leave);
      waiting.add(entry);
    });
  };

  return (context, answer) => {
    if (!context.target.predicts) return answer(context);
    if (running < concurrent) {
      running += 1;
      return run(context, answer);
    }
    if (waiting.size >= queue) throw overloaded(context, queue > 0 ? `${queue} wait` : "none may wait");
    return queued(context).then(() => run(context, answer));
  };
}
