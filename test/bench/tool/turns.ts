/** What is measured: a value, or several by name. */
export type Contenders<T> = Readonly<Record<string, () => Promise<T>>>;

/**
 * Measures contenders in turns. Each round measures all of them, in an order that changes from round to round, so that whatever
 * else the machine does meets all, and each comes after each.
 *
 * @param contenders What measures each.
 * @param rounds How often.
 * @param warmUps How many rounds come before that do not count.
 *
 * @returns What each round found, by contender.
 */
export async function inTurns<T>(contenders: Contenders<T>, rounds: number, warmUps = 1): Promise<Record<string, T[]>> {
  const found: Record<string, T[]> = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = -warmUps; round < rounds; round++) {
    const order = Object.entries(contenders);
    order.push(...order.splice(0, Math.abs(round) % order.length));
    if (round % 2 === 0) order.reverse();
    for (const [name, measure] of order) {
      const value = await measure();
      if (round >= 0) found[name]?.push(value);
    }
  }
  return found;
}

/** One of several values that each round found, by contender. */
export function pick<T>(
  found: Readonly<Record<string, readonly T[]>>,
  of: (value: T) => number,
): Record<string, number[]> {
  return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, values.map(of)]));
}
