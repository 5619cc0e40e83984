/** Array of numbers that grows. */
export interface Growing<A extends Float64Array | Float32Array | Int32Array> {
  array: A;
  length: number;
}

/**
 * Makes room for more numbers.
 *
 * @param growing Numbers so far.
 * @param more How many will come.
 *
 * @returns The array, with room for them.
 */
export function roomFor<A extends Float64Array | Float32Array | Int32Array>(growing: Growing<A>, more: number): A {
  const needed = growing.length + more;
  if (needed <= growing.array.length) return growing.array;
  const size = Math.max(needed, Math.ceil(growing.array.length * 1.5));
  const larger = (
    growing.array instanceof Int32Array
      ? new Int32Array(size)
      : growing.array instanceof Float32Array
        ? new Float32Array(size)
        : new Float64Array(size)
  ) as A;
  larger.set(growing.array);
  growing.array = larger;
  return larger;
}
