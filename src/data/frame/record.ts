/**
 * Creates an object with these keys as its own, `__proto__` included, which an assignment would not make one.
 *
 * @param names The keys.
 * @param at Creates the value of a key.
 *
 * @returns The object.
 */
export function record<T>(names: readonly string[], at: (name: string, index: number) => T): Record<string, T> {
  const result: Record<string, T> = {};
  for (let i = 0; i < names.length; i++) {
    const name = names[i] ?? "";
    const value = at(name, i);
    if (name === "__proto__") {
      Object.defineProperty(result, name, { value, enumerable: true, configurable: true, writable: true });
    } else result[name] = value;
  }
  return result;
}

/**
 * Creates the same with values that are made when they are asked for.
 *
 * @param names The keys.
 * @param at Creates the value of a key, each time that it is asked for.
 *
 * @returns The object.
 */
export function lazyRecord<T>(names: readonly string[], at: (index: number) => T): Record<string, T> {
  return Object.defineProperties(
    {},
    record(names, (_, index) => ({ get: () => at(index), enumerable: true })),
  );
}
