import { LaunchpadError } from "../../errors.ts";

/**
 * Decodes UTF-8 as it comes.
 *
 * @param bytes Chunks that may be cut anywhere; cancelled when no more are wanted.
 * @param at Says where the reader is, for messages.
 *
 * @returns Text in pieces.
 *
 * @throws DATA_INVALID for bytes that are no UTF-8.
 */
export async function* decodedText(bytes: ReadableStream<Uint8Array>, at: () => string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = bytes.getReader();
  let ended = false;
  try {
    while (!ended) {
      const { done, value } = await reader.read();
      ended = done;
      let text: string;
      try {
        text = done ? decoder.decode() : decoder.decode(value, { stream: true });
      } catch (cause) {
        const message = `${at()} or below: UTF-8 expected, found bytes that are not. Save the file as UTF-8`;
        throw new LaunchpadError("DATA_INVALID", message, { cause });
      }
      yield text;
    }
  } finally {
    // Whoever stops early lets go of the file; an error of the stream itself has already done so.
    if (!ended) await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
}
