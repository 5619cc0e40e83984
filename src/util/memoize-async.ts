/** A task that runs once. */
export interface MemoizedAsync<T> {
  (): Promise<T>;
  started(): boolean;
}

/**
 * Creates a task that runs at its first call and shares the result; one that failed is run again at the next call.
 *
 * @param task The task.
 *
 * @returns The same task.
 */
export function memoizeAsync<T>(task: () => Promise<T>): MemoizedAsync<T> {
  let running: Promise<T> | undefined;
  const run = () => {
    running ??= task().catch((error) => {
      running = undefined;
      throw error;
    });
    return running;
  };
  return Object.assign(run, { started: () => running !== undefined });
}

/**
 * Creates a task that runs once for each state of what it depends on, as long as that state lasts.
 *
 * @param state Tells the state; another one is told by another value.
 * @param task The task.
 *
 * @returns The same task.
 */
export function memoizeWhile<T>(state: () => unknown, task: () => Promise<T>): () => Promise<T> {
  let known = state();
  let run = memoizeAsync(task);
  return () => {
    const now = state();
    if (now !== known) run = memoizeAsync(task);
    known = now;
    return run();
  };
}
