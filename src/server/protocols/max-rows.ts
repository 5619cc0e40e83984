import { LaunchpadError } from "../../errors.ts";

/**
 * Most rows of a request. A row takes far more room than the bytes it may come in: without a limit, a body of 10 MB could
 * become gigabytes.
 */
export const maxRows = 100_000;

/**
 * Refuses a request with more rows than one may have.
 *
 * @param count How many there are.
 *
 * @throws BODY_TOO_LARGE.
 */
export function limitRows(count: number): void {
  if (count <= maxRows) return;
  throw new LaunchpadError(
    "BODY_TOO_LARGE",
    `The request has ${count} rows: expected ${maxRows} at most. Send them in several requests`,
  );
}
