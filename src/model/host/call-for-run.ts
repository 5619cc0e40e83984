import type { ModelContext } from "../define.ts";
import type { Connection, Handler } from "./connection.ts";
import type { Message } from "./message.ts";
import { finished } from "./predictions.ts";

/**
 * Has a child train or test. Nobody waits for what was stopped: its process would compute on, so it is ended.
 *
 * @param child The child.
 * @param run The run.
 * @param header What it is to do.
 * @param handle Answers what it asks for.
 *
 * @returns Its answer.
 */
export async function callForRun(
  child: Connection,
  run: Pick<ModelContext, "signal" | "orderColumns">,
  header: object,
  handle: Handler,
): Promise<Message> {
  const stop = () => child.kill("because it was stopped");
  if (run.signal.aborted) stop();
  run.signal.addEventListener("abort", stop, { once: true });
  try {
    return finished(await child.call(header, [], handle), run);
  } finally {
    run.signal.removeEventListener("abort", stop);
  }
}
