/**
 * Creates names that are all different, as pandas does: a second `a` becomes `a.1`.
 *
 * @param names Names, some of which may be the same.
 *
 * @returns As many names.
 */
export function uniqueNames(names: readonly string[]): string[] {
  const given = new Set(names);
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let i = 1; taken.has(unique) || (unique !== name && given.has(unique)); i++) unique = `${name}.${i}`;
    taken.add(unique);
    return unique;
  });
}
