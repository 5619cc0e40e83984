const [dash, colon, blank, point, plus, bigT, bigZ] = [..."-: .+TZ"].map((sign) => sign.charCodeAt(0));

/**
 * Creates the moment that a date or a timestamp stands for: ISO 8601 as databases write it, with a blank or a `T`.
 * Without a zone it is UTC. What is finer than a millisecond is cut off.
 *
 * @param text The text.
 *
 * @returns The moment; undefined for any other text, and for days that there are not.
 */
export function parseDatetime(text: string): Date | undefined {
  // By hand, because results have many of them: this takes a third of the time of a regular expression.
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  if (text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash || year < 0 || month < 1 || day < 1) return undefined;
  let [hour, minute, second, millisecond, offset, at] = [0, 0, 0, 0, 0, 10];
  const between = text.charCodeAt(at);
  if (between === blank || between === bigT) {
    hour = digits(text, 11, 2);
    minute = digits(text, 14, 2);
    if (text.charCodeAt(13) !== colon || hour < 0 || hour > 23 || minute < 0 || minute > 59) return undefined;
    at = 16;
    if (text.charCodeAt(at) === colon) {
      second = digits(text, 17, 2);
      if (second < 0 || second > 59) return undefined;
      at = 19;
    }
    if (at === 19 && text.charCodeAt(at) === point) {
      const start = ++at;
      while (isDigit(text, at)) at++;
      if (at === start) return undefined;
      millisecond = Number(text.slice(start, Math.min(at, start + 3)).padEnd(3, "0"));
    }
    if (at < text.length) {
      const zone = zoneOffset(text, at);
      if (zone === undefined) return undefined;
      offset = zone;
      at = text.length;
    }
  }
  if (at !== text.length) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, millisecond));
  // Years below 100 would be those of the twentieth century.
  if (year < 100) date.setUTCFullYear(year, month - 1, day);
  // There is no 30 February, which Date takes for 2 March.
  if (month > 12 || day > 28) if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return offset === 0 ? date : new Date(date.getTime() - offset);
}

/** The milliseconds that a zone such as `Z`, `+00`, `-05:30` is ahead of UTC. */
function zoneOffset(text: string, at: number): number | undefined {
  const sign = text.charCodeAt(at);
  if (sign === bigZ) return at + 1 === text.length ? 0 : undefined;
  if (sign !== plus && sign !== dash) return undefined;
  const match = /^(\d{2})(?::?(\d{2})(?::?(\d{2}))?)?$/.exec(text.slice(at + 1));
  if (match === null) return undefined;
  const [, hours = "0", minutes = "0", seconds = "0"] = match;
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return sign === plus ? size : -size;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** The number of so many digits; negative if one of them is none. */
function digits(text: string, start: number, count: number): number {
  let number = 0;
  for (let at = start; at < start + count; at++) {
    if (!isDigit(text, at)) return -1;
    number = number * 10 + text.charCodeAt(at) - 48;
  }
  return number;
}
