/**
 * Creates names that are all different, as pandas does: a second `a` becomes `a.1`, unless that is the name of another.
 *
 * @param names Names, some of which may be the same.
 *
 * @returns As many names.
 */
export function uniqueNames(names: readonly string[]): string[] {
  const given = new Set(names);
  const taken = new Set<string>();
  /** Which number to try next for a name: looking for it from the start would take longer with every one. */
  const next = new Map<string, number>();
  return names.map((name) => {
    let unique = name;
    let i = next.get(name) ?? 1;
    for (; taken.has(unique) || (unique !== name && given.has(unique)); i++) unique = `${name}.${i}`;
    next.set(name, i);
    taken.add(unique);
    return unique;
  });
}
