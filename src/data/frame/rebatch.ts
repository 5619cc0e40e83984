import type { Frame } from "../types.ts";
import { concatFrames } from "./frame.ts";

/**
 * Creates frames of one size from frames of any.
 *
 * @param frames Frames with the same columns.
 * @param size How many rows a frame has; the last may have fewer.
 *
 * @returns At least one frame if there is one; never more rows are held than a frame of either has, and one more.
 *
 * @throws DATA_INVALID when the dtypes of a column cannot be put together.
 */
export async function* rebatch(frames: AsyncIterable<Frame>, size: number): AsyncGenerator<Frame> {
  let held: Frame[] = [];
  let length = 0;
  let given = false;
  for await (const frame of frames) {
    let rest = frame;
    while (length + rest.length >= size) {
      const taken = size - length;
      yield concatFrames([...held.filter((part) => part.length > 0), rest.slice(0, taken)]);
      given = true;
      rest = rest.slice(taken);
      held = [];
      length = 0;
    }
    // An empty frame tells the columns.
    if (rest.length > 0 || !given) held.push(rest);
    length += rest.length;
  }
  if (held.length > 0 && (length > 0 || !given)) yield concatFrames(held);
}
