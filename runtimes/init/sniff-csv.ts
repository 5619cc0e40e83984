import papaparse from "papaparse";

/** How a CSV file is read. */
export interface CsvKind {
  readonly type: "csv" | "euro_csv";
  readonly options: Readonly<Record<string, string>>;
}

/** So many rows tell what separates cells. */
const preview = 100;

/**
 * Finds out what separates the cells of a CSV file, and which decimal sign it has.
 *
 * @param text The beginning of the file.
 *
 * @returns What the configuration says of it.
 */
export function sniffSeparator(text: string): CsvKind {
  // The last line may be cut off.
  const { data, meta } = papaparse.parse<string[]>(text, {
    preview,
    delimitersToGuess: [",", ";", "\t", "|"],
    skipEmptyLines: true,
  });
  const sep = meta.delimiter;
  if (sep === ",") return { type: "csv", options: {} };
  if (sep !== ";") return { type: "csv", options: { sep } };
  const cells = data.flat();
  const hasPoints = cells.some((cell) => /^-?\d+\.\d+$/.test(cell));
  const hasCommas = cells.some((cell) => /^-?\d+,\d+$/.test(cell));
  return hasPoints && !hasCommas ? { type: "csv", options: { sep } } : { type: "euro_csv", options: {} };
}
