/** Job of an engine: one task for each part of a plan that is missing. */
export interface Job {
  /** What it is called: the same for the same plan. */
  readonly name: string;
  /** The folder of the plan, as tasks reach it. */
  readonly folder: string;
  /** The project, as tasks reach it. */
  readonly project: string;
  /** The command line of Launchpad there, options before the command included. */
  readonly command: readonly string[];
  /** How many parts the plan has. */
  readonly parts: number;
  /** The parts that nobody has published yet. */
  readonly missing: readonly number[];
  /** How many tasks run at the same time, if that is limited. */
  readonly atOnce: number | undefined;
  /** Image of a container with the project and Launchpad. */
  readonly image: string | undefined;
  /** Claim of a volume that all tasks mount, and where. */
  readonly claim: string | undefined;
  readonly mount: string;
  /** Where the engine is, if it is not told by its own settings. */
  readonly master: string | undefined;
}

/** What sends jobs to others. */
export interface Engine {
  /** The end of the name of its file. */
  readonly ending: string;
  /** Creates the file of a job. */
  write(job: Job): string;
  /** The command that sends the file, or runs it until all is done. */
  send(file: string, job: Job): readonly string[];
  /** Finds the number of the job in what that command printed. */
  sent(printed: string): string | undefined;
}

/**
 * Quotes words for a POSIX shell.
 *
 * @param words The words.
 *
 * @returns The text of a command.
 */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
}

/**
 * Writes numbers as ranges: `0-4,7`.
 *
 * @param numbers The numbers, in their order.
 *
 * @returns The ranges.
 */
export function ranges(numbers: readonly number[]): string {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(",");
}
