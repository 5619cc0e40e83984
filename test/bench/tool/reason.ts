/**
 * Why something could not be measured, to be published, without paths and addresses of this machine: the last lines that name an
 * error, and if none does, the last lines at all. What a program says after its error is mostly that it ends.
 *
 * @param error The error.
 */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const errors = lines.filter((line) => /error|exception|cannot|could not/i.test(line));
  return (errors.length > 0 ? errors : lines)
    .slice(-2)
    .join(" ")
    .replace(/\b[a-z]+:\/\/[^\s"']+/g, "URL")
    .replace(/(?<![\w.])\/(?:[^\s/"':]+\/)+/g, "")
    .slice(0, 600);
}
