/**
 * Why something could not be measured, to be published: the last lines of an error, which say the most where a program has
 * failed, without paths and addresses of this machine.
 *
 * @param error The error.
 */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines
    .slice(-3)
    .join(" ")
    .replace(/\b[a-z]+:\/\/[^\s"']+/g, "URL")
    .replace(/(?<![\w.])\/(?:[^\s/"':]+\/)+/g, "")
    .slice(0, 600);
}
