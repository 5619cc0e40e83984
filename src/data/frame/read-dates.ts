import { momentOf, parseIsoDate } from "./iso-date.ts";

/** Reads dates of one column. */
export type DateReader = (text: string) => Date | undefined;

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const fullMonths = "january february march april may june july august september october november december".split(" ");

/** What each part of a format matches, as Python's `strptime` has it. */
const directives: Readonly<Record<string, string>> = {
  Y: "(?<Y>\\d{4})",
  y: "(?<y>\\d{2})",
  m: "(?<m>1[0-2]|0?[1-9])",
  d: "(?<d>3[01]|[12]\\d|0?[1-9])",
  H: "(?<H>2[0-3]|[01]?\\d)",
  I: "(?<I>1[0-2]|0?[1-9])",
  M: "(?<M>[0-5]?\\d)",
  S: "(?<S>[0-5]?\\d)",
  f: "(?<f>\\d{1,9})",
  p: "(?<p>[AaPp][Mm])",
  b: "(?<b>[A-Za-z]{3})",
  B: "(?<B>[A-Za-z]+)",
  j: "(?<j>\\d{1,3})",
  z: "(?<z>Z|[+-]\\d{2}:?\\d{2})",
  a: "[A-Za-z]{3}",
  A: "[A-Za-z]+",
  "%": "%",
};

/** Parts of a format that stand for several. */
const shorthands: Readonly<Record<string, string>> = { F: "%Y-%m-%d", T: "%H:%M:%S", D: "%m/%d/%y", R: "%H:%M" };

/**
 * Tells whether a form of dates can be read.
 *
 * @param format The form.
 *
 * @returns The first part that is not known; undefined if all are.
 */
export function unknownDirective(format: string): string | undefined {
  for (const [part, letter = ""] of format.matchAll(/%(.?)/gs)) {
    if (!Object.hasOwn(directives, letter) && !Object.hasOwn(shorthands, letter)) return part;
  }
  return undefined;
}

/**
 * Creates the reader of dates in one form.
 *
 * @param format The form, as for Python's `strptime`; `ISO8601` and `mixed` are pandas' own.
 * @param dayfirst Where the form is `mixed`, whether the day is before the month.
 *
 * @returns The reader; undefined for what is not in that form.
 */
export function formatReader(format: string, dayfirst: boolean): DateReader {
  if (format === "ISO8601") return (text) => parseIsoDate(text.trim());
  if (format === "mixed") return (text) => guessedReader(dayfirst)(text);
  const spelt = format.replaceAll(/%([FTDR])/g, (_, letter: string) => shorthands[letter] ?? "");
  const source = spelt.replaceAll(/%(.)|[^%]+/gs, (part, letter?: string) =>
    letter === undefined
      ? part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&").replaceAll(/\s+/g, "\\s+")
      : (directives[letter] ?? "(?!)"),
  );
  const form = new RegExp(`^${source}$`);
  return (text) => {
    const parts = form.exec(text.trim())?.groups;
    return parts === undefined ? undefined : dateOf(parts);
  };
}

function dateOf(parts: Readonly<Record<string, string | undefined>>): Date | undefined {
  const number = (name: string, otherwise: number) => (parts[name] === undefined ? otherwise : Number(parts[name]));
  const short = number("y", 0);
  const year = parts.y === undefined ? number("Y", 1900) : short + (short < 69 ? 2000 : 1900);
  const named = (parts.b ?? parts.B)?.toLowerCase();
  const month = named === undefined ? number("m", 1) : monthNamed(named) + 1;
  const half = parts.p?.toLowerCase() === "pm" ? 12 : 0;
  const hour = parts.I === undefined ? number("H", 0) : (number("I", 12) % 12) + half;
  const millisecond = Number((parts.f ?? "").slice(0, 3).padEnd(3, "0"));
  const day = parts.j === undefined ? number("d", 1) : 1;
  const date = momentOf([year, month, day, hour, number("M", 0), number("S", 0), millisecond]);
  if (date === undefined) return undefined;
  if (parts.j !== undefined) {
    date.setUTCDate(number("j", 1));
    if (date.getUTCFullYear() !== year) return undefined;
  }
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(parts.z ?? "") ?? [];
  if (sign === undefined) return date;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return new Date(date.getTime() + (sign === "+" ? -offset : offset));
}

function monthNamed(name: string): number {
  const short = months.indexOf(name);
  return short === -1 ? fullMonths.indexOf(name) : short;
}

/** Forms that are no ISO 8601, with the day first, and with the month first. */
const times = ["", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p"];
const dayForms = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"];
const monthForms = ["%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"];
const otherForms = [
  "%Y/%m/%d",
  "%Y.%m.%d",
  "%Y%m%d",
  "%d %b %Y",
  "%d-%b-%Y",
  "%b %d, %Y",
  "%d %B %Y",
  "%B %d, %Y",
  "%b %d %Y",
  "%Y-%m",
];

const readers = new Map<string, DateReader>();

function readerOf(format: string): DateReader {
  const found = readers.get(format) ?? formatReader(format, false);
  readers.set(format, found);
  return found;
}

/**
 * Creates the reader of dates whose form the first of them tells, as in pandas: ISO 8601, then numbers with the month first
 * (or the day, if it says so, or if the first number can be nothing else), then names of months.
 *
 * @param dayfirst Whether the day is before the month.
 *
 * @returns The reader; undefined for what has another form than the first.
 */
export function guessedReader(dayfirst: boolean): DateReader {
  let known: DateReader | undefined;
  const ordered = dayfirst ? [...dayForms, ...monthForms] : [...monthForms, ...dayForms];
  return (text) => {
    if (known !== undefined) return known(text);
    const iso = parseIsoDate(text.trim());
    if (iso !== undefined) {
      known = (other) => parseIsoDate(other.trim());
      return iso;
    }
    for (const form of [...ordered, ...otherForms]) {
      for (const time of times) {
        const reader = readerOf(form + time);
        const date = reader(text);
        if (date === undefined) continue;
        known = reader;
        return date;
      }
    }
    return undefined;
  };
}
