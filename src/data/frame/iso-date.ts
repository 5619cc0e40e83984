const form =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?: ?(?:Z|UTC|([+-])(\d{2})(?::?(\d{2})(?::?(\d{2}))?)?))?)?$/;

/**
 * Creates the moment that a text of ISO 8601 stands for, also as pandas and the `COPY` of PostgreSQL write it: with a blank
 * between day and time, and an offset of hours only. Without an offset it is UTC, so that a table means the same on every
 * machine. What is finer than a millisecond is cut off.
 *
 * @param text The text.
 *
 * @returns The moment; undefined for any other text, and for days and times that there are not.
 */
export function parseIsoDate(text: string): Date | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const milliseconds = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  const date = momentOf([year, month, day, hour, minute, second, milliseconds].map((part) => part ?? 0));
  if (date === undefined || match[8] === undefined) return date;
  const [hours, minutes, seconds] = match.slice(9, 12).map((part) => Number(part ?? 0));
  const offset = ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
  return new Date(date.getTime() + (match[8] === "+" ? -offset : offset));
}

/**
 * Creates a moment from its parts, in UTC.
 *
 * @param parts Year, month from 1, day, hour, minute, second, millisecond.
 *
 * @returns The moment; undefined for one that there is not, as on 30 February.
 */
export function momentOf(parts: readonly number[]): Date | undefined {
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0] = parts;
  // Midnight at the end of a day is ISO 8601, too.
  const ends = hour === 24 && minute === 0 && second === 0 && millisecond === 0;
  if (month < 1 || month > 12 || day < 1 || (hour > 23 && !ends) || minute > 59 || second > 59) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  // Years below 100 would be those of the twentieth century.
  if (year < 100) date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return new Date(date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond);
}
