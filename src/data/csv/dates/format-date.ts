const days = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const months = "January February March April May June July August September October November December".split(" ");

/** What each part of a format becomes, as Python's `strftime` has it, in English. */
const directives: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => String(date.getUTCFullYear()).padStart(4, "0"),
  y: (date) => padded(date.getUTCFullYear() % 100, 2),
  m: (date) => padded(date.getUTCMonth() + 1, 2),
  d: (date) => padded(date.getUTCDate(), 2),
  H: (date) => padded(date.getUTCHours(), 2),
  I: (date) => padded(date.getUTCHours() % 12 || 12, 2),
  M: (date) => padded(date.getUTCMinutes(), 2),
  S: (date) => padded(date.getUTCSeconds(), 2),
  f: (date) => `${padded(date.getUTCMilliseconds(), 3)}000`,
  p: (date) => (date.getUTCHours() < 12 ? "AM" : "PM"),
  B: (date) => months[date.getUTCMonth()] ?? "",
  b: (date) => (months[date.getUTCMonth()] ?? "").slice(0, 3),
  A: (date) => days[date.getUTCDay()] ?? "",
  a: (date) => (days[date.getUTCDay()] ?? "").slice(0, 3),
  j: (date) =>
    padded(
      (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 0)) /
        86_400_000,
      3,
    ),
  z: () => "+0000",
  Z: () => "UTC",
  F: (date) => formatDate(date, "%Y-%m-%d"),
  T: (date) => formatDate(date, "%H:%M:%S"),
  "%": () => "%",
};

function padded(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

/**
 * Creates the text of a date, in UTC.
 *
 * @param date The date.
 * @param format Its form, as for Python's `strftime`.
 *
 * @returns The text; a part that is not known stays as it is.
 */
export function formatDate(date: Date, format: string): string {
  return format.replaceAll(/%(.)/gs, (part, letter: string) => {
    const directive = Object.hasOwn(directives, letter) ? directives[letter] : undefined;
    return directive === undefined ? part : directive(date);
  });
}
