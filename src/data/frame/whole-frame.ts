import { LaunchpadError } from "../../errors.ts";
import type { Frame, ReadRequest } from "../types.ts";

/**
 * Reads everything as one batch, so that columns and dtypes are those of all rows.
 *
 * @param batches Reads in batches.
 * @param request What is asked for.
 * @param at Where the data is, for messages.
 *
 * @returns The frame.
 */
export async function wholeFrame(
  batches: (request: ReadRequest & { readonly size: number }) => AsyncIterable<Frame>,
  request: ReadRequest,
  at: string,
): Promise<Frame> {
  for await (const frame of batches({ ...request, size: Number.POSITIVE_INFINITY })) return frame;
  throw new LaunchpadError("INTERNAL", `${at}: no frame`);
}
