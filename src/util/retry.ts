/** How long and how often a storage is asked. */
export interface RetryLimits {
  /** How often a failed operation is tried in all. Default: 3. */
  readonly attempts?: number;
  /** Milliseconds before the second try; each later pause is twice the one before it. Default: 100. */
  readonly pause?: number;
  /** Milliseconds that one try may take; for each megabyte known to be carried, one second is added. Default: 30,000. */
  readonly timeLimit?: number;
}

/** Asks again, within the limits of a patience. */
export interface Retry {
  /** Does something until it does not fail. `size` is the number of bytes to be carried, when that is known. */
  untilDone<T>(action: () => T | Promise<T>, size?: number): Promise<T>;
  /** Reads something until it is there, or the tries are used up. */
  untilThere<T>(read: () => Promise<T | undefined>): Promise<T | undefined>;
}

/** Codes of errors that are the same at every try: of the file system, and of Node's checks of arguments. */
const lasting =
  /^(EACCES|EPERM|EROFS|ENOSPC|EDQUOT|EFBIG|ENOENT|ENOTDIR|EISDIR|ENOTEMPTY|EEXIST|ENAMETOOLONG|EINVAL|ELOOP|EXDEV|ENOTSUP|ENOSYS|ERR_.*)$/;

/** Statuses of HTTP in the 400s that may be others at the next try: a time-out, a conflict, too early, too many requests. */
const passing: readonly number[] = [408, 409, 425, 429];

/**
 * Retries for an unreliable storage.
 *
 * @param patience How long and how often.
 *
 * @returns Two ways of asking again.
 */
export function createRetry({ attempts = 3, pause = 100, timeLimit = 30_000 }: RetryLimits = {}): Retry {
  const pauseAfter = (tried: number) => sleep(pause * 2 ** (tried - 1));

  return {
    async untilDone(action, size = 0) {
      for (let tried = 1; ; tried++) {
        try {
          return await within(timeLimit + size / 1000, action);
        } catch (error) {
          if (tried >= attempts || isLasting(error)) throw error;
          await pauseAfter(tried);
        }
      }
    },

    async untilThere(read) {
      for (let tried = 1; ; tried++) {
        const found = await read();
        if (found !== undefined || tried >= attempts) return found;
        await pauseAfter(tried);
      }
    },
  };
}

/** Whether an error, or one that led to it, will be the same at the next try. */
function isLasting(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A driver that explains itself knows what it says.
  if (error.name === "LaunchpadError") return true;
  const { code, status, statusCode } = error as { code?: unknown; status?: unknown; statusCode?: unknown };
  if (typeof code === "string" && lasting.test(code)) return true;
  const answered = status ?? statusCode;
  if (typeof answered === "number" && answered >= 400 && answered < 500) return !passing.includes(answered);
  return error.cause !== error && isLasting(error.cause);
}

/** Drivers cannot be told to stop: one that does not answer in time is left alone, and its answer ignored. */
async function within<T>(limit: number, action: () => T | Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit / 1000} s`)), limit);
  });
  try {
    return await Promise.race([action(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
