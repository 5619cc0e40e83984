/**
 * Creates a table of text: every column as wide as its widest cell, numbers to the right.
 *
 * @param headings The headings of the columns.
 * @param rows The cells, row by row.
 *
 * @returns Lines that end with a line feed.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): string {
  const cells = [headings, ...rows].map((row) => headings.map((_, column) => String(row[column] ?? "")));
  const numeric = headings.map((_, column) => rows.every((row) => typeof (row[column] ?? 0) === "number"));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) => {
      const line = row.map((cell, column) =>
        numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      );
      return `${line.join("  ").trimEnd()}\n`;
    })
    .join("");
}

const bars = [..."▁▂▃▄▅▆▇█"];

/**
 * Creates a line chart of one line of text.
 *
 * @param values Numbers in order; anything else is a gap.
 *
 * @returns One character a value, from the lowest to the highest.
 */
export function sparkline(values: readonly unknown[]): string {
  const numbers = values.filter((value): value is number => typeof value === "number");
  const least = Math.min(...numbers);
  const range = Math.max(...numbers) - least;
  return values
    .map((value) => {
      if (typeof value !== "number") return " ";
      return bars[range === 0 ? 3 : Math.round(((value - least) / range) * (bars.length - 1))];
    })
    .join("");
}
