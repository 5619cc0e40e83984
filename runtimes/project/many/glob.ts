import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** What makes a path a pattern. */
const special = /[*?[{]/;

/** More files than anybody has projects: a pattern that finds so many means something else. */
const maxFound = 100_000;

/** Folders deep; deeper lies nothing that was meant. */
const maxDepth = 32;

/** Tells whether a path is a pattern. */
export function isPattern(path: string): boolean {
  return special.test(path);
}

/**
 * Finds what fits a pattern, one after the other: whoever needs the first need not wait for all. `*` and `?` stand for text
 * within a name, `[ab]` for one of some letters, `{a,b}` for one of some texts, `**` for folders at any depth, but not for
 * hidden ones and `node_modules`.
 *
 * @param pattern An absolute path with slashes.
 * @param only A name: where a folder has it, or a file with any ending, nothing else is looked at in there.
 *
 * @returns The paths of files and folders, in order, each once.
 */
export async function* glob(pattern: string, only?: string): AsyncGenerator<string> {
  const found = new Set<string>();
  for (const one of alternatives(pattern)) {
    const [root = "", ...segments] = one.split("/");
    for await (const path of find(`${root}/`, segments.filter(Boolean), only, 0)) {
      if (found.has(path)) continue;
      found.add(path);
      yield path;
      if (found.size >= maxFound) return;
    }
  }
}

async function* find(
  folder: string,
  segments: readonly string[],
  only: string | undefined,
  depth: number,
): AsyncGenerator<string> {
  const [segment, ...rest] = segments;
  if (segment === undefined || depth > maxDepth) return;
  if (segment === "**") {
    yield* find(folder, rest, only, depth);
    for (const name of await namesIn(folder)) {
      const path = join(folder, name);
      if (name.startsWith(".") || name === "node_modules" || !(await isFolder(path))) continue;
      yield* find(path, segments, only, depth + 1);
    }
    return;
  }
  const matches = special.test(segment) ? matcherOf(segment) : undefined;
  const names = matches ? restricted((await namesIn(folder)).filter(matches), only) : [segment];
  for (const name of names) {
    const path = join(folder, name);
    if (rest.length > 0) yield* find(path, rest, only, depth + 1);
    else if ((await stat(path).catch(() => undefined)) !== undefined) yield path;
  }
}

function restricted(names: readonly string[], only: string | undefined): readonly string[] {
  if (only === undefined) return names;
  const named = names.filter((name) => name === only || name.startsWith(`${only}.`));
  return named.length > 0 ? named : names;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** A name that begins with a dot is found by a pattern that does, as in shells. */
function matcherOf(segment: string): (name: string) => boolean {
  const source = segment.replace(/\[!?([^\]]+)\]|[\s\S]/g, (part, letters?: string) => {
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    if (letters === undefined) return part.replace(/[.+^${}()|[\]\\]/, "\\$&");
    return `[${part.startsWith("[!") ? "^" : ""}${letters.replace(/[\\\]^]/g, "\\$&")}]`;
  });
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name) && (segment.startsWith(".") || !name.startsWith("."));
}

/** `a/{b,c}` is `a/b` and `a/c`. */
function alternatives(pattern: string): readonly string[] {
  const [whole, inner] = /\{([^{}]*)\}/.exec(pattern) ?? [];
  if (whole === undefined || inner === undefined) return [pattern];
  return inner.split(",").flatMap((one) => alternatives(pattern.replace(whole, () => one)));
}
