/**
 * Finds the greatest of some numbers.
 *
 * @param numbers Numbers of all rows.
 * @param start Where those of the row start.
 * @param count How many a row has.
 *
 * @returns Index of the greatest in its row, the first of several; that of the first that is no number, as in NumPy.
 */
export function greatest(numbers: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let i = 0; i < count; i++) {
    const number = numbers[start + i] as number;
    if (Number.isNaN(number)) return i;
    if (number > (numbers[start + best] as number)) best = i;
  }
  return best;
}
