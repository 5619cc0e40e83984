/** So many requests in so many seconds. */
export interface Rate {
  readonly requests: number;
  /** In seconds. */
  readonly window: number;
}

/** What a rate may be, for messages. */
export const rateForm = 'a number of requests in a time, such as "100/s", "600/min", "5000/h" or "20/10s"';

const seconds: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };

/**
 * Reads a rate.
 *
 * @param text `100/s`, `600/min`, `5000/h`; a number before the unit counts several of it, `20/10s`.
 *
 * @returns The rate; undefined if the text is none.
 */
export function parseRate(text: string): Rate | undefined {
  const [, requests, count, unit = ""] = /^(\d{1,9}) ?\/ ?(\d{0,6}) ?(s|min|h)$/.exec(text) ?? [];
  const window = Number(count || 1) * (seconds[unit] ?? 0);
  const number = Number(requests);
  return number >= 1 && window >= 1 ? { requests: number, window } : undefined;
}
