/** How a CSV file is read. */
export interface CsvKind {
  readonly type: "csv" | "euro_csv";
  readonly options: Readonly<Record<string, string>>;
}

/**
 * Finds out what separates the cells of a CSV file, and which decimal sign it has.
 *
 * @param text The beginning of the file.
 *
 * @returns What the configuration says of it.
 */
export function sniffSeparator(text: string): CsvKind {
  const unquoted = text.replace(/"[^"]*"/g, "");
  const [header = ""] = unquoted.trimStart().split(/\r?\n|\r/, 1);
  const count = (separator: string) => header.split(separator).length - 1;
  if (count("\t") > Math.max(count(","), count(";"))) return { type: "csv", options: { sep: "\t" } };
  if (count(";") <= count(",")) return { type: "csv", options: {} };
  const hasPoints = /(^|[;\n])-?\d+\.\d+(?=[;\r\n]|$)/.test(unquoted);
  const hasCommas = /(^|[;\n])-?\d+,\d+(?=[;\r\n]|$)/.test(unquoted);
  return hasPoints && !hasCommas ? { type: "csv", options: { sep: ";" } } : { type: "euro_csv", options: {} };
}
