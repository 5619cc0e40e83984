import process from "node:process";
import { isLaunchpadError, LaunchpadError, type Logger, messageOf } from "../../src/internal.ts";

/** Told of an error that nobody waits for. */
type Listener = (error: unknown) => void;

let modelName: string | undefined;

/** Gives the model of this process a name in the log. */
export function nameModel(name: string): void {
  modelName = name;
}

const listeners = new Set<Listener>();

/**
 * Keeps a process alive when code of a model forgets a promise that is rejected, or throws in a timer: that is logged, and what
 * serves goes on.
 *
 * @param log The log of the model.
 *
 * @returns Ends it.
 */
export function logStrayErrors(log: Logger): () => void {
  const handle = (what: string) => (error: unknown) => {
    log.error(`${modelName ?? "the model"}: ${what}: ${messageOf(error)}`, { error });
    for (const listener of listeners) listener(error);
  };
  const rejected = handle("a promise was rejected that nothing waits for");
  const thrown = handle("an error was thrown where nothing catches it");
  process.on("unhandledRejection", rejected);
  process.on("uncaughtException", thrown);
  return () => {
    process.off("unhandledRejection", rejected);
    process.off("uncaughtException", thrown);
  };
}

/**
 * Fails a task when code of the model leaves an error behind while it runs: of a training whose promise was rejected, nobody knows
 * whether it did what it should.
 *
 * @param action Which function of the model it calls.
 * @param task Does the work, until its signal is aborted.
 *
 * @returns What the task resolves with.
 *
 * @throws What the task throws; TRAIN_FAILED, TEST_FAILED with the first error that was left behind.
 */
export async function failOnStrayErrors<T>(
  action: "train" | "test",
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let first: { readonly error: unknown } | undefined;
  let fail: (error: unknown) => void = () => {};
  const stray = new Promise<never>((_, reject) => {
    fail = reject;
  });
  stray.catch(() => {});
  const listener: Listener = (cause) => {
    const code = action === "train" ? "TRAIN_FAILED" : "TEST_FAILED";
    const message = `[model] ${action} left an error behind, which nothing waits for or catches: ${messageOf(cause)}`;
    first ??= { error: isLaunchpadError(cause) ? cause : new LaunchpadError(code, message, { cause }) };
    controller.abort(cause);
    fail(first.error);
  };
  listeners.add(listener);
  try {
    const result = await Promise.race([task(controller.signal), stray]);
    // What was rejected in the same moment is told a moment later.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (first) throw first.error;
    return result;
  } finally {
    listeners.delete(listener);
  }
}
