import { type Cells, textOf } from "./cells.ts";
import { divideDigits, powers } from "./divide-digits.ts";
import type { Tokens } from "./tokens.ts";

/** All integers below are exact, and so is every sum and product of them that stays below. */
const exactBelow = 2 ** 53;

/** What counts as a number, and what was met while reading. */
export interface NumberRun {
  /** The decimal sign. */
  readonly decimal: number;
  /** Texts that look like numbers, and stand for missing values. */
  readonly missing: Tokens | undefined;
  /** Whether a whole number may begin with a zero. */
  readonly leadingZeros: boolean;
  /** Whether only whole numbers count, and no missing ones. */
  readonly wholeOnly: boolean;
  /** Whether an empty cell is a missing one. */
  readonly emptyMissing: boolean;
  /** Whether there was a number that is not whole. */
  fractions: boolean;
  /** Whether a value was missing. */
  gaps: boolean;
  /** Whether any was not. */
  filled: boolean;
}

const [plus, minus, zero, exponentMark] = [0x2b, 0x2d, 0x30, 0x65] as const;

/**
 * Reads the numbers of a column straight from their bytes, as long as they are plain: a sign, digits, a decimal point
 * and an exponent, to the last bit what `Number` makes of their text. Up to 15 digits and a power of ten that float64
 * holds exactly take one multiplication or division, which rounds once, as it should (Clinger 1990).
 *
 * @param cells The cells. What follows each of them cannot be part of a number.
 * @param column The column.
 * @param from The row to begin with.
 * @param values Where the numbers go; NaN for an empty cell.
 * @param at Where the first goes.
 * @param run What counts as a number; told what was met.
 *
 * @returns The row that it stopped at, because its cell is nothing of that kind; past the last if there was none.
 */
export function readNumbers(
  cells: Cells,
  column: number,
  from: number,
  values: Float64Array,
  at: number,
  run: NumberRun,
): number {
  const { bytes, starts, ends, rows, width } = cells;
  const { decimal, missing, leadingZeros, wholeOnly, emptyMissing } = run;
  let gaps = false;
  let fractions = false;
  let to = at;
  let row = from;
  for (let cell = from * width + column; row < rows; row++, cell += width) {
    const start = starts[cell] as number;
    const end = ends[cell] as number;
    if (start === end) {
      if (wholeOnly || !emptyMissing) break;
      gaps = true;
      values[to++] = Number.NaN;
      continue;
    }
    if (missing !== undefined && missing.find(bytes, start, end) !== -1) break;
    let i = start;
    const sign = bytes[i] as number;
    if (sign === minus || sign === plus) i++;
    const first = i;
    let high = 0;
    let digits = 0;
    let low = 0;
    let lowDigits = 0;
    let digit = (bytes[i] as number) ^ zero;
    while (digit <= 9 && digits < 9) {
      high = (Math.imul(high, 10) + digit) | 0;
      digits++;
      digit = (bytes[++i] as number) ^ zero;
    }
    while (digit <= 9 && lowDigits < 9) {
      low = (Math.imul(low, 10) + digit) | 0;
      lowDigits++;
      digit = (bytes[++i] as number) ^ zero;
    }
    let long = digit <= 9;
    while (digit <= 9) digit = (bytes[++i] as number) ^ zero;
    let whole = true;
    let power = 0;
    if ((digit ^ zero) === decimal) {
      whole = false;
      const point = i;
      digit = (bytes[++i] as number) ^ zero;
      if (high === 0 && lowDigits === 0) {
        digits = 0;
        while (digit === 0) digit = (bytes[++i] as number) ^ zero;
      }
      if (lowDigits === 0) {
        while (digit <= 9 && digits < 9) {
          high = (Math.imul(high, 10) + digit) | 0;
          digits++;
          digit = (bytes[++i] as number) ^ zero;
        }
      }
      while (digit <= 9 && lowDigits < 9) {
        low = (Math.imul(low, 10) + digit) | 0;
        lowDigits++;
        digit = (bytes[++i] as number) ^ zero;
      }
      if (digit <= 9) long = true;
      while (digit <= 9) digit = (bytes[++i] as number) ^ zero;
      power = point + 1 - i;
    }
    // A point alone is no number.
    if (i === first || (i === first + 1 && !whole)) break;
    if (((digit ^ zero) | 0x20) === exponentMark) {
      whole = false;
      const mark = bytes[++i] as number;
      if (mark === minus || mark === plus) i++;
      const begin = i;
      let exponent = 0;
      digit = (bytes[i] as number) ^ zero;
      while (digit <= 9) {
        exponent = Math.min(exponent * 10 + digit, 9999);
        digit = (bytes[++i] as number) ^ zero;
      }
      if (i === begin) break;
      power += mark === minus ? -exponent : exponent;
    }
    if (i !== end) break;
    let value = lowDigits === 0 ? high : high * (powers[lowDigits] as number) + low;
    if (whole) {
      if (long || value >= exactBelow) break;
      if (!leadingZeros && end > first + 1 && bytes[first] === zero) break;
    } else {
      if (wholeOnly) break;
      fractions = true;
      if (long || power < -22 || power > 22) value = Number.NaN;
      else if (value < exactBelow)
        value = power < 0 ? value / (powers[-power] as number) : value * (powers[power] as number);
      else value = power < 0 ? divideDigits(high, low, lowDigits, -power) : Number.NaN;
      if (Number.isNaN(value)) value = Number(textOf(bytes, first, end).replace(",", "."));
    }
    values[to++] = sign === minus ? -value : value;
  }
  if (gaps) run.gaps = true;
  if (fractions) run.fractions = true;
  for (let i = at; i < to && !run.filled; i++) if (!Number.isNaN(values[i])) run.filled = true;
  return row;
}
