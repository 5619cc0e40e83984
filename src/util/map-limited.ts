/**
 * Does the same with many items, some of them at a time, so that a long list does not exhaust file handles or connections.
 *
 * @param items The items.
 * @param work What to do with one.
 * @param limit How many at a time.
 *
 * @returns The results in the order of the items.
 */
export async function mapLimited<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  limit = 32,
): Promise<readonly R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  const worker = async () => {
    for (const [at, item] of queue) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
