import { LaunchpadError } from "../../errors.ts";
import { boundedStream, tapStream } from "../../util/streams.ts";

/** How large a source may be. */
export interface SizeLimit {
  /** What the entry says; undefined unless told. */
  readonly maxBytes: number | undefined;
  /** The beginning of a message. */
  readonly shown: string;
}

/** What comes from somewhere else, or is decompressed, may have as many bytes unless told otherwise. */
const defaultMaxBytes = 2 ** 32;
/** Tables shrink to a tenth, and rarely to a hundredth: what grows by more is made to fill a memory. */
const maxRatio = 200;
/** Up to here nobody is harmed. */
const smallBytes = 2 ** 26;

/**
 * Stream of what another one holds, as far as a source may be long.
 *
 * @param stream The bytes as they are kept, or decompressed.
 * @param limit What the entry says.
 * @param isOwn Whether it is a file of this machine as it is, which has a limit only if the entry says so.
 *
 * @returns A stream of the same chunks, which fails with DATA_INVALID at the limit.
 */
export function withinSize(
  stream: ReadableStream<Uint8Array>,
  { maxBytes, shown }: SizeLimit,
  isOwn: boolean,
): ReadableStream<Uint8Array> {
  const most = maxBytes ?? (isOwn ? undefined : defaultMaxBytes);
  if (most === undefined) return stream;
  return boundedStream(stream, most, () => {
    const advice = "If it is right, `max_bytes` beside the path takes more";
    return new LaunchpadError("DATA_INVALID", `${shown}: at most ${most} bytes expected, found more. ${advice}`);
  });
}

/**
 * Limit of how much bytes may grow when they are decompressed.
 *
 * @param limit What the entry says: whoever gives `max_bytes` wants as much.
 *
 * @returns What watches the stream before, and the stream after.
 */
export function createRatioLimit({ maxBytes, shown }: SizeLimit): {
  before(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array>;
  after(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array>;
} {
  let [read, made] = [0, 0];
  return {
    before: (stream) =>
      tapStream(stream, (chunk) => {
        read += chunk.length;
      }),
    after: (stream) =>
      tapStream(stream, (chunk) => {
        made += chunk.length;
        if (maxBytes !== undefined || made <= smallBytes || made <= read * maxRatio) return;
        const expected = `a file that becomes at most ${maxRatio} times as large when it is decompressed expected`;
        const advice = "If it is right, give `max_bytes` beside the path";
        throw new LaunchpadError("DATA_INVALID", `${shown}: ${expected}, found ${made} bytes of ${read}. ${advice}`);
      }),
  };
}
