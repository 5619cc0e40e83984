import { LaunchpadError } from "../../errors.ts";
import { isTooDeep, maxDepth, poisonedKey } from "../../schema/json-limits.ts";
import { inTime, usualLimits } from "./limits.ts";

/** Largest request body, in bytes, unless the configuration says another. */
export const defaultMaxBytes = 10 * 1024 * 1024;

/**
 * Reads the bytes of a body.
 *
 * A content length can be absent, or wrong: what counts is what comes. It is put together as it comes, because a body
 * can come in millions of pieces, which would take far more room than their bytes.
 *
 * @param body The body.
 * @param maxBytes The most that it may have.
 * @param seconds How long it may take to come.
 *
 * @throws BODY_TOO_LARGE, REQUEST_TIMED_OUT, ARGUMENTS_INVALID when it breaks off.
 */
export function readBytes(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  seconds = usualLimits.timeout,
): Promise<Uint8Array<ArrayBuffer>> {
  return inTime(collected(body, maxBytes), seconds);
}

async function collected(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  let bytes = new Uint8Array(0);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw malformed("the body broke off");
    });
    if (done) return bytes.subarray(0, length);
    const end = length + value.byteLength;
    if (end > maxBytes) {
      // Nobody waits for the rest, and a source that fails while it stops has nothing more to tell.
      reader.cancel().catch(() => {});
      throw tooLarge(maxBytes);
    }
    if (end > bytes.length) {
      const larger = new Uint8Array(length === 0 ? end : Math.min(maxBytes, Math.max(end, 2 * bytes.length)));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(value, length);
    length = end;
  }
}

/**
 * Text of bytes.
 *
 * @throws ARGUMENTS_INVALID when they are not UTF-8.
 */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw malformed("the body is not UTF-8 text");
  }
}

/**
 * Reads JSON that was sent.
 *
 * @param text The text.
 * @param parse Makes values of it; `JSON.parse` unless told.
 *
 * @returns The value.
 *
 * @throws ARGUMENTS_INVALID when it is none, is nested too deep, or has keys that change what objects inherit.
 */
export function jsonOf(text: string, parse: (text: string) => unknown = JSON.parse): unknown {
  if (isTooDeep(text)) throw malformed(`the body is nested more than ${maxDepth} levels deep`);
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    // The engine's own words differ between runtimes, and an API should answer the same on all of them.
    throw malformed("the body is not JSON");
  }
  const poisoned = poisonedKey(text, value);
  if (poisoned !== undefined) throw malformed(`the body has the key ${poisoned}, which no argument may have`);
  return value;
}

/** Error of a body that is not what its type says. */
export function malformed(what: string): LaunchpadError {
  return new LaunchpadError("ARGUMENTS_INVALID", `The request is not valid: ${what}`, {
    faults: [{ in: "body", name: "", message: what }],
  });
}

/** Error of a body that is larger than it may be. */
export function tooLarge(maxBytes: number): LaunchpadError {
  return new LaunchpadError("BODY_TOO_LARGE", `The body is larger than the ${maxBytes} bytes that this API takes`);
}
