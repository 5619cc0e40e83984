import { IPV4_REGEX, IPV6_REGEX, ISO_DATE_REGEX, RFC_EMAIL_REGEX, UUID_REGEX } from "valibot";
import type { Assertion } from "./check.ts";

interface Format {
  readonly expected: string;
  fits(text: string): boolean;
}

const time = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d{1,20})?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;
const duration =
  /^P(?!$)(?:\d{1,15}W|(?:\d{1,15}Y)?(?:\d{1,15}M)?(?:\d{1,15}D)?(?:T(?=\d)(?:\d{1,15}H)?(?:\d{1,15}M)?(?:\d{1,15}S)?)?)$/;
/** Labels of RFC 1123; a name of one label, `localhost`, is a name. */
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** RFC 3986: a scheme, and only characters that a URI may have. A group that repeats would take stack for each character. */
const uri = /^[a-z][a-z0-9+.-]{0,100}:[a-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/i;
const wrongEscape = /%(?![0-9a-f]{2})/i;
/** More than servers take. */
const maxUriLength = 8192;

/** The one table of the formats of text that are held, after RFC 3339, RFC 3986 and others that JSON Schema names. */
const formats: Readonly<Record<string, Format>> = {
  date: { expected: "a date (YYYY-MM-DD)", fits: isDate },
  "date-time": { expected: "a date and time (2026-01-31T12:00:00Z)", fits: isDateTime },
  time: { expected: "a time with its offset (12:00:00Z)", fits: (text) => time.test(text) },
  duration: { expected: "a duration (P1DT12H)", fits: (text) => duration.test(text) },
  email: { expected: "an e-mail address", fits: (text) => text.length <= 254 && RFC_EMAIL_REGEX.test(text) },
  uri: { expected: "a URI with its scheme", fits: isUri },
  uuid: { expected: "a UUID", fits: (text) => UUID_REGEX.test(text) },
  ipv4: { expected: "an IPv4 address", fits: (text) => IPV4_REGEX.test(text) },
  ipv6: { expected: "an IPv6 address", fits: (text) => text.length <= 45 && IPV6_REGEX.test(text) },
  hostname: {
    expected: "a host name",
    fits: (text) => text.length <= 253 && text.split(".").every((part) => label.test(part)),
  },
  byte: { expected: "bytes in Base64", fits: isBase64 },
};

/** Formats that say nothing more than the type, or are for people only. */
const annotations: ReadonlySet<string> = new Set(["binary", "int64", "float", "double", "password"]);

/**
 * Assertion of a format.
 *
 * @param name The name of the format.
 *
 * @returns The assertion; undefined for a format that asserts nothing.
 */
export function formatAssertion(name: string): Assertion | undefined {
  if (name === "int32") {
    return {
      expected: "a whole number of 32 bits",
      holds: (value) => typeof value !== "number" || (value | 0) === value,
    };
  }
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  return format && { expected: format.expected, holds: (value) => typeof value !== "string" || format.fits(value) };
}

/**
 * Tells whether a format is known.
 *
 * @param name The name of the format.
 *
 * @returns Whether it is held, or says nothing that could be held.
 */
export function isKnownFormat(name: string): boolean {
  return annotations.has(name) || formatAssertion(name) !== undefined;
}

function isUri(text: string): boolean {
  return text.length <= maxUriLength && uri.test(text) && !wrongEscape.test(text) && URL.canParse(text);
}

/** RFC 4648, section 4, of any length. */
function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  let end = text.length;
  for (let padding = 0; padding < 2 && text.charCodeAt(end - 1) === equals; padding++) end--;
  for (let at = 0; at < end; at++) if (!isBase64Code(text.charCodeAt(at))) return false;
  return true;
}

const equals = 0x3d;

function isBase64Code(code: number): boolean {
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2f;
}

/** A day that there is: not 2025-02-29. */
function isDate(text: string): boolean {
  if (!ISO_DATE_REGEX.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isDateTime(text: string): boolean {
  return /^.{10}[Tt ]/.test(text) && isDate(text.slice(0, 10)) && time.test(text.slice(11));
}
