import { type CellFormat, parseNumber } from "../frame/infer.ts";
import { createTokens, type Tokens } from "./tokens.ts";

/** How the bytes of cells are read. */
export interface ByteFormat extends CellFormat {
  /** The texts that stand for a missing value. */
  readonly tokens: Tokens;
  /** Those of them that look like numbers, if there are any. */
  readonly numericTokens: Tokens | undefined;
}

/**
 * Creates what is needed to read the bytes of cells.
 *
 * @param format How their texts are read.
 *
 * @returns The same for bytes.
 */
export function byteFormat(format: CellFormat): ByteFormat {
  const numeric = [...format.missing].filter((text) => parseNumber(text, format.decimal) !== undefined);
  return {
    ...format,
    tokens: createTokens(format.missing),
    numericTokens: numeric.length === 0 ? undefined : createTokens(numeric),
  };
}
