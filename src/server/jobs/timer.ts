/** A task that is done again and again. */
export interface Repeating {
  /** Begins, unless it has. */
  start(): void;
  stop(): void;
}

/**
 * Creates a task that is done again so much after it has ended. It keeps no process alive.
 *
 * @param seconds How long after; a function is asked each time.
 * @param task The task, which must not reject.
 *
 * @returns What begins and ends it. The first time is at once.
 */
export function repeating(seconds: number | (() => number), task: () => Promise<void> | void): Repeating {
  let isOn = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = async () => {
    await task();
    if (!isOn) return;
    timer = setTimeout(() => void again(), (typeof seconds === "number" ? seconds : seconds()) * 1000);
    letGo(timer);
  };
  return {
    start() {
      if (isOn) return;
      isOn = true;
      void again();
    },
    stop() {
      isOn = false;
      clearTimeout(timer);
    },
  };
}

/** Waits for a task, but no longer than so many milliseconds. */
export async function within(ms: number, task: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([task, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Some runtimes end only when no timer waits. */
export function letGo(timer: unknown): void {
  if (typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function")
    timer.unref();
}
