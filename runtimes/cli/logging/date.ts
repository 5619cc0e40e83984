import { formatDate } from "../../../src/internal.ts";

/** Directives that are several others, in the C locale. */
const composed: Readonly<Record<string, string>> = {
  c: "%a %b %e %H:%M:%S %Y",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
  D: "%m/%d/%y",
  R: "%H:%M",
};

const known = new Set("YymdHIMSfpBbAajzZFT%ecxXDR");

/**
 * Finds what of a form of dates is not understood.
 *
 * @param format A `datefmt`.
 *
 * @returns The first directive that is not known; undefined if all are.
 */
export function unknownDirective(format: string): string | undefined {
  return [...format.matchAll(/%(.?)/gs)].find(([, letter = ""]) => !known.has(letter))?.[0];
}

/**
 * Creates the text of a time in the time zone of the process, as Python's logging does.
 *
 * @param timestamp Milliseconds since 1970.
 * @param format A form of `strftime`.
 *
 * @returns The text.
 */
export function localDate(timestamp: number, format: string): string {
  const date = new Date(timestamp);
  const ahead = -date.getTimezoneOffset();
  const local = new Date(timestamp + ahead * 60_000);
  const text = format
    .replace(/%(.)/gs, (part, letter: string) => composed[letter] ?? part)
    .replace(/%(.)/gs, (part, letter: string) => {
      if (letter === "z") return offset(ahead);
      if (letter === "Z") return zoneName(date).replaceAll("%", "%%");
      return letter === "e" ? String(local.getUTCDate()).padStart(2) : part;
    });
  return formatDate(local, text);
}

function offset(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}${String(rest).padStart(2, "0")}`;
}

function zoneName(date: Date): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZoneName: "short" }).formatToParts(date);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "UTC";
}
