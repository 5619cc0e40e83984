/** A name with `_` for what OpenAPI does not allow in that of a component. */
export function componentName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, "_");
}

/**
 * Finds a name that is free.
 *
 * @param name The name that is wanted.
 * @param isTaken Tells whether a name has another meaning.
 *
 * @returns The name, or the first of `name2`, `name3` and so on that is free.
 */
export function uniqueName(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  for (let number = 2; isTaken(free); number += 1) free = `${name}${number}`;
  return free;
}

/** The same, of a set of names that gets it. */
export function takeName(name: string, taken: Set<string>): string {
  const free = uniqueName(name, (one) => taken.has(one));
  taken.add(free);
  return free;
}
