import { LaunchpadError } from "../../errors.ts";
import { failure } from "./failure.ts";

/** What is opened once for each name. */
export interface OpenOnce<T> {
  open(name: string): Promise<T>;
  /** Everything that is open, or is being opened. */
  opened(): Iterable<Promise<T>>;
}

/**
 * Opens each name once, however many ask for it at the same time.
 *
 * @param open Opens a name.
 *
 * @returns A function that does so at most once; what failed is tried again.
 */
export function openOnce<T>(open: (name: string) => Promise<T>): OpenOnce<T> {
  const opened = new Map<string, Promise<T>>();
  return {
    open(name: string): Promise<T> {
      const running =
        opened.get(name) ??
        open(name).catch((error) => {
          opened.delete(name);
          throw error;
        });
      opened.set(name, running);
      return running;
    },
    opened: () => opened.values(),
  };
}

/**
 * Waits for all that is being opened.
 *
 * @param opening What is being opened.
 *
 * @throws One error that says what every one of them does.
 */
export async function all(opening: readonly Promise<unknown>[]): Promise<void> {
  const errors = (await Promise.allSettled(opening)).flatMap((result) =>
    result.status === "rejected" ? [failure(result.reason, "[data]")] : [],
  );
  const [first] = errors;
  if (first === undefined) return;
  const messages = [...new Set(errors.map(({ message }) => message))];
  if (messages.length === 1) throw first;
  const details = new Set(errors.flatMap(({ detail }) => detail ?? []));
  throw new LaunchpadError(first.code, messages.join("\n"), {
    cause: new AggregateError(errors),
    ...(details.size > 0 && { detail: [...details].join(" ") }),
  });
}
