import type { Comparison, Growth } from "./benchmark.ts";
import { exponent, median, ratio, spread } from "./statistics.ts";

/** A table of texts; the first row is the header. */
export interface Table {
  readonly rows: readonly (readonly string[])[];
}

/** A growth with an exponent above this is worse than linear: measured times are never quite on a line. */
export const linear = 1.1;

/** A number with three digits that count. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "?";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return Number(value.toPrecision(3)).toString();
}

const times = (value: number) => `×${Number.isFinite(value) ? Number(value.toPrecision(3)) : "?"}`;

const cellOf = (rounds: readonly number[]) => {
  const part = spread(rounds);
  return figure(median(rounds)) + (rounds.length > 2 && part > 0 ? ` ±${Math.round(part * 100)} %` : "");
};

/** Whether a contender was measured: on some systems nobody says how much memory a program has. */
const measured = (rounds: readonly number[] | undefined): rounds is readonly number[] =>
  rounds !== undefined && rounds.length > 0 && !rounds.some(Number.isNaN);

/** Those that have the same key, as JSON, together. */
function groupBy<T>(values: readonly T[], keyOf: (value: T) => unknown): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = JSON.stringify(keyOf(value));
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return [...groups.values()];
}

/** One table for all comparisons of the same contenders: the median, its spread, and how many times the baseline that is. */
export function comparisonTables(comparisons: readonly Comparison[]): readonly Table[] {
  const groups = groupBy(comparisons, ({ rounds, baseline }) => [Object.keys(rounds), baseline]);
  return groups.map((group) => {
    const names = Object.keys(group[0]?.rounds ?? {});
    const header = ["", "", ...names.map((name) => (name === group[0]?.baseline ? `${name} (×1)` : name))];
    const rows = group.map(({ subject, measure, unit, baseline, rounds }) => [
      subject,
      `${measure}, ${unit}`,
      ...names.map((name) => {
        const values = rounds[name];
        if (!measured(values)) return "–";
        const others = rounds[baseline];
        return cellOf(values) + (name === baseline || !measured(others) ? "" : ` (${times(ratio(values, others))})`);
      }),
    ]);
    return { rows: [header, ...rows] };
  });
}

/** The exponent of a growth, and what it says. */
export function judgeGrowth({ sizes, rounds }: Growth): { readonly exponent: number; readonly words: string } {
  const found = exponent(sizes, rounds.map(median));
  if (found > linear) return { exponent: found, words: "worse than linear" };
  return { exponent: found, words: found < 0.2 ? "does not grow" : found < 0.9 ? "better than linear" : "linear" };
}

/** One table for all growths over the same sizes: the median, how many times the smallest size's that is, and the exponent. */
export function growthTables(growths: readonly Growth[]): readonly Table[] {
  const groups = groupBy(growths, ({ by, sizes }) => [by, sizes]);
  return groups.map((group) => {
    const [{ by = "", sizes = [] } = {}] = group;
    const header = [by, ...sizes.map((size) => size.toLocaleString("en-US")), "exponent", "growth"];
    const rows = group.map((growth) => {
      const { what, unit, rounds } = growth;
      const [first = []] = rounds;
      const cells = rounds.map((values, at) => cellOf(values) + (at === 0 ? "" : ` (${times(ratio(values, first))})`));
      const { exponent: found, words } = judgeGrowth(growth);
      return [`${what}, ${unit}`, ...cells, found.toFixed(2), words];
    });
    return { rows: [header, ...rows] };
  });
}

/** For a terminal: columns, the first two at the left. */
export function terminalTable({ rows }: Table): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  ");
  return rows.map((row) => line(row).trimEnd()).join("\n");
}

/** For Markdown. */
export function markdownTable({ rows: [header = [], ...rows] }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map((_, at) => (at < 2 ? "---" : "--:"))), ...rows.map(line)].join("\n");
}
