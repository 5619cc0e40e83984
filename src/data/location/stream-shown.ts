import { tapStream } from "../../util/streams.ts";
import type { Location } from "./open-location.ts";

/**
 * Creates the stream of a file that tells how much of it was read, where its length is known: not of a compressed one, nor a pipe.
 *
 * @param location Where the file is.
 * @param options A signal that ends it, and what is told the share that was read, from 0 to 1.
 *
 * @returns The bytes.
 */
export async function streamShown(
  location: Location,
  {
    signal,
    onProgress,
  }: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((share: number) => void) | undefined;
  },
): Promise<ReadableStream<Uint8Array>> {
  const size = onProgress && (await location.parts(signal))?.size;
  const bytes = await location.stream(signal);
  if (!size || onProgress === undefined) return bytes;
  let read = 0;
  return tapStream(bytes, (chunk) => {
    read += chunk.length;
    onProgress(Math.min(1, read / size));
  });
}
