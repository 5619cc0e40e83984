/** A task that runs once. */
export interface Once<T> {
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
export function once<T>(task: () => Promise<T>): Once<T> {
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
