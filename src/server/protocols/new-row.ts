/**
 * Creator of rows. Without a prototype, `__proto__` and `constructor` are names like any other; engines make such objects
 * slowly, so that there is one where none of these names comes.
 *
 * @param names Names of the values.
 *
 * @returns A function that creates an empty row.
 */
export function newRow(names: readonly string[]): () => Record<string, unknown> {
  return names.some((name) => name in Object.prototype) ? () => Object.create(null) : () => ({});
}
