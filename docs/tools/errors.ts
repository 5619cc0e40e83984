import { readFile } from "node:fs/promises";
import { cures } from "./cures.ts";

/**
 * Page of all error codes, made from the table in `src/errors.ts`.
 *
 * @returns Markdown.
 */
export async function errorsPage(): Promise<string> {
  const source = await readFile(new URL("../../src/errors.ts", import.meta.url), "utf8");
  const table = source.slice(source.indexOf("const meanings"), source.indexOf("as const satisfies"));
  const rows = [...table.matchAll(/\/\*\* (.*?) \*\/\s+([A-Z_]+): \{ status: (\d+), exit: (\d) \}/gs)];
  const sections = rows.map(
    ([, cause = "", code = "", status, exit]) =>
      `## ${code}\n\n${cause.replace(/\s+\*?\s*/g, " ")}\n\n${cures[code as keyof typeof cures]}\n\nHTTP status ${status}, exit code ${exit}.\n`,
  );
  return `# Errors\n\nEvery error has a code, which stays the same: in a problem document as \`code\`, on the terminal in brackets.\n\n${sections.join("\n")}`;
}
