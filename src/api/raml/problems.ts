import { LaunchpadError } from "../../errors.ts";
import type { Logger } from "../../log.ts";

/** Collects what is wrong with an API file, so that all of it can be told at once. */
export interface Problems {
  add(line: number, message: string): void;
  /** Logs what the file says in vain, each subject once. */
  warn(line: number, subject: string, message: string): void;
  /** Throws API_INVALID if there are any problems. */
  raise(): void;
}

/**
 * Creates a collector of problems.
 *
 * @param file The name of the file, for messages.
 * @param log What warnings go to.
 *
 * @returns A collector without problems.
 */
export function createProblems(file: string, log: Logger | undefined): Problems {
  const problems: { line: number; text: string }[] = [];
  const warned = new Set<string>();
  const at = (line: number, message: string) => `${file} line ${line}: ${message}`;
  return {
    add(line, message) {
      const text = at(line, message);
      // An alias brings the same problem to several places.
      if (!problems.some((problem) => problem.text === text)) problems.push({ line, text });
    },
    warn(line, subject, message) {
      if (warned.has(subject)) return;
      warned.add(subject);
      log?.warning(at(line, message));
    },
    raise() {
      if (problems.length === 0) return;
      const sorted = problems.sort((a, b) => a.line - b.line);
      throw new LaunchpadError("API_INVALID", sorted.map(({ text }) => text).join("\n"));
    },
  };
}
