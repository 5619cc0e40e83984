/** What is being written. */
export interface PendingWrites {
  /** Keeps a write in mind until it ends, however it does. */
  add(write: Promise<unknown>): void;
  /** Resolves when all have ended, or after ten seconds. */
  ended(): Promise<void>;
}

/** How long a write may hold up the end, in milliseconds: as long as servers wait for requests in flight. */
const grace = 10_000;

/**
 * Creates a memory of what is being written, because not every caller waits for it.
 *
 * @returns An empty one.
 */
export function createPendingWrites(): PendingWrites {
  const writing = new Set<Promise<void>>();
  return {
    add(write) {
      const ended = write.catch(() => {}).then(() => void writing.delete(ended));
      writing.add(ended);
    },
    async ended() {
      if (writing.size === 0) return;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, grace);
      });
      await Promise.race([Promise.all(writing), late]);
      clearTimeout(timer);
    },
  };
}
