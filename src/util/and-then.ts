/** Value that is there already, or will be. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Continues at once, or when the promise resolves: a server that answers at once makes no promises.
 *
 * @param value A value, or the promise of one.
 * @param next What is done with it.
 *
 * @returns What `next` returns, or the promise of it.
 */
export function andThen<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
