import { booleans, type CellFormat, parseNumber } from "../frame/infer.ts";
import { createTokens, type Tokens } from "./tokens.ts";

/** How the bytes of cells are read. */
export interface ByteFormat extends CellFormat {
  /** The texts that stand for a missing value. */
  readonly tokens: Tokens;
  /** Those of them that look like numbers, if there are any. */
  readonly numericTokens: Tokens | undefined;
  /** Numbers that stand for a missing value however they are written. */
  readonly missingNumbers: ReadonlySet<number>;
  /** The texts of booleans. */
  readonly booleans: ReadonlyMap<string, boolean>;
  /** What stands between thousands. */
  readonly thousands?: string | undefined;
  /** Reads a date; without it dates are ISO 8601. */
  readonly date?: ((text: string) => Date | undefined) | undefined;
}

/** What is said of a column beside how its texts are read. */
export type MoreFormat = Partial<Pick<ByteFormat, "booleans" | "thousands" | "date" | "missingNumbers">>;

/**
 * Constants for reading the bytes of cells.
 *
 * @param format How their texts are read.
 * @param more What else is said of the column.
 *
 * @returns The same for bytes.
 */
export function byteFormat(format: CellFormat, more: MoreFormat = {}): ByteFormat {
  const numeric = [...format.missing].filter((text) => parseNumber(text, format.decimal) !== undefined);
  return {
    booleans,
    missingNumbers: new Set(),
    ...more,
    ...format,
    tokens: createTokens(format.missing),
    numericTokens: numeric.length === 0 ? undefined : createTokens(numeric),
  };
}

/**
 * Creates the text of a number without the signs between its thousands.
 *
 * @param text The text of a cell.
 * @param sign What stands between thousands.
 *
 * @returns The text; as it is where such a sign stands behind anything but a digit.
 */
export function withoutThousands(text: string, sign: string | undefined): string {
  if (sign === undefined || !text.includes(sign)) return text;
  const parts = text.split(sign);
  return parts.every((part, at) => at === parts.length - 1 || /\d$/.test(part)) ? parts.join("") : text;
}
