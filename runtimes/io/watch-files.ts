import { statSync } from "node:fs";

/** How often files are looked at, in milliseconds. */
const every = 200;

/**
 * Watches files by looking at them: that works with editors that replace files, in containers and over a network, where
 * notifications do not arrive.
 *
 * @param files Finds the files to watch; they may change, and need not exist.
 * @param onChange Called when files have changed and no longer do so; not again before it is done.
 *
 * @returns A function that ends the watch.
 */
export function watchFiles(
  files: () => Iterable<URL>,
  onChange: (changed: readonly URL[]) => Promise<void>,
): () => void {
  let known = statesOf(files());
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    let now = statesOf(files());
    if (differing(known, now).length > 0) {
      // An editor may not have done with it.
      for (let before = known; differing(before, now).length > 0; ) {
        before = now;
        await new Promise((resolve) => setTimeout(resolve, every / 2));
        now = statesOf(files());
      }
      const changed = differing(known, now);
      known = now;
      if (changed.length > 0 && !ended) await onChange(changed);
      // Files that were not watched before are taken as they were when they were read, or a moment later.
      known = { ...statesOf(files()), ...known };
    }
    if (!ended) timer = setTimeout(look, every);
  };
  timer = setTimeout(look, every);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/** What tells that a file is not what it was, by its URL. */
type States = Readonly<Record<string, string>>;

function statesOf(files: Iterable<URL>): States {
  return Object.fromEntries(Array.from(files, (url) => [url.href, stateOf(url)]));
}

function stateOf(url: URL): string {
  try {
    const { mtimeMs, ctimeMs, size, ino } = statSync(url);
    return [mtimeMs, ctimeMs, size, ino].join(" ");
  } catch {
    return "";
  }
}

function differing(before: States, now: States): URL[] {
  return Object.keys(now).flatMap((href) => (href in before && before[href] !== now[href] ? [new URL(href)] : []));
}
