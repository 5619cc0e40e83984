/** How many digits a `float64` keeps of any decimal number. */
const kept = 15;

/**
 * Tells whether a decimal number is the same again when a `float64` that held it is written.
 *
 * @param text The number as a database writes it: `-12.3400`.
 *
 * @returns Whether no digit is lost.
 */
export function survives(text: string): boolean {
  // A sign and a point may be there; what is short needs no look at its digits.
  if (text.length <= kept) return true;
  const number = Number(text);
  if (Number.isNaN(number) || !Number.isFinite(number)) return !/\d/.test(text);
  const digits = significant(text);
  return digits.length <= kept || digits === significant(String(number));
}

/** The digits that matter, without sign, point, exponent and zeros around them. */
function significant(text: string): string {
  const [mantissa = ""] = text.split(/e/i);
  return mantissa.replace(/[-+.]/g, "").replace(/^0+|0+$/g, "");
}
