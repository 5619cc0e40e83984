import { bytesOf, streamOf } from "../../util/streams.ts";
import type { Params, SourceDriver } from "../types.ts";
import { untilAborted } from "./failure.ts";
import { frameOf } from "./source.ts";

/** How long and how much a source keeps of what it read. */
export interface CacheOptions {
  /** Seconds; -1 for ever. */
  readonly expires: number;
  /** How many results are kept; the one that was not used for longest goes first. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The beginning of a message: `[csv] petals`. */
  readonly at: string;
}

interface Kept {
  readonly value: Promise<unknown>;
  /** When it was there; undefined while it is being fetched. */
  since?: number;
}

/**
 * Creates a driver that keeps what another one read, by parameters. Callers at the same time share one fetch, which
 * the signal of none of them ends; a fetch that failed is not kept.
 *
 * @param driver The driver to read with.
 * @param options How long and how much is kept.
 *
 * @returns A driver with frames and bytes, but no batches.
 */
export function cached(driver: SourceDriver, options: CacheOptions): SourceDriver {
  /** In the order of their last use. */
  const entries = new Map<string, Kept>();

  const fresh = ({ since }: Kept) =>
    since === undefined || options.expires < 0 || options.now() - since < options.expires * 1000;

  function keep<T>(key: string, fetch: () => Promise<T>): Promise<T> {
    const kept = entries.get(key);
    entries.delete(key);
    if (kept !== undefined && fresh(kept)) {
      entries.set(key, kept);
      return kept.value as Promise<T>;
    }
    const value = fetch();
    const entry: Kept = { value };
    entries.set(key, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= options.size) break;
      entries.delete(oldest);
    }
    value.then(
      () => {
        entry.since = options.now();
      },
      () => {
        if (entries.get(key) === entry) entries.delete(key);
      },
    );
    return value;
  }

  const { stream } = driver;
  return {
    frame: ({ params, signal }) =>
      untilAborted(
        keep(keyOf(params), () => frameOf(driver, { params }, options.at)),
        signal,
      ),
    ...(stream && {
      async stream({ signal }) {
        const bytes = keep("raw", async () => bytesOf(await stream({})));
        // A copy, because the caller may transfer or change what a stream hands out.
        return streamOf((await untilAborted(bytes, signal)).slice());
      },
    }),
    close: async () => {
      entries.clear();
      await driver.close?.();
    },
  };
}

/** The same for the same values, in whatever order they were given; 1, 1n and "1" are different. */
function keyOf(params: Params): string {
  const values = Object.keys(params)
    .sort()
    .map((name) => {
      const value = params[name] ?? null;
      return [name, value instanceof Date ? "date" : typeof value, value instanceof Date ? +value : String(value)];
    });
  return JSON.stringify(values);
}
