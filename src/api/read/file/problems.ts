import { LaunchpadError } from "../../../errors.ts";
import type { Logger } from "../../../log.ts";
import type { SourcePosition } from "./value.ts";

/** Collects what is wrong with an API file, so that all of it can be told at once. */
export interface Problems {
  add(at: SourcePosition, message: string): void;
  /** Logs what the file says in vain, each subject once. */
  warn(at: SourcePosition, subject: string, message: string): void;
  /** Throws API_INVALID if there are any problems. */
  raise(): void;
}

/** A file can be wrong everywhere; nobody reads more than this. */
const maxProblems = 100;

/**
 * Creates a collector of problems.
 *
 * @param log What warnings go to.
 *
 * @returns A collector without problems.
 */
export function createProblems(log: Logger | undefined): Problems {
  const problems: { at: SourcePosition; text: string }[] = [];
  const known = new Set<string>();
  const files: string[] = [];
  // A problem is one line, whatever the names in the file are.
  const told = ({ file, line }: SourcePosition, message: string) =>
    `${file} line ${line}: ${message.replace(/\s*[\n\r\u2028\u2029]\s*/g, " ")}`;
  return {
    add(at, message) {
      const text = told(at, message);
      // An alias, a trait or a reference brings the same problem to several places.
      if (known.has(text) || problems.length >= maxProblems) return;
      known.add(text);
      if (!files.includes(at.file)) files.push(at.file);
      problems.push({ at, text });
    },
    warn(at, subject, message) {
      if (known.has(subject)) return;
      known.add(subject);
      log?.warning(told(at, message));
    },
    raise() {
      if (problems.length === 0) return;
      const sorted = problems.sort(
        (a, b) => files.indexOf(a.at.file) - files.indexOf(b.at.file) || a.at.line - b.at.line,
      );
      throw new LaunchpadError("API_INVALID", sorted.map(({ text }) => text).join("\n"));
    },
  };
}
