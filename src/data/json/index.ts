import { encodeUtf8, tapStream } from "../../util/streams.ts";
import { mergeDtypes } from "../access/dtype-option.ts";
import { assertNoParams } from "../access/no-params.ts";
import { readOptions } from "../access/options.ts";
import { overFiles } from "../files/over-files.ts";
import { wholeFrame } from "../frame/whole-frame.ts";
import { readJsonlOptions } from "../jsonl/options.ts";
import { createTable } from "../jsonl/table.ts";
import { objectsOf } from "../jsonl/write.ts";
import { openLocation } from "../location/open-location.ts";
import { streamShown } from "../location/stream-shown.ts";
import type { Frame, ReadRequest, SinkType, SourceType } from "../types.ts";
import { readItems } from "./items.ts";

/** A JSON array of objects, as pandas writes it with `orient="records"`. */
export const source: SourceType = overFiles({
  serves: ["json"],
  readsDtypes: true,
  open(context) {
    const options = readJsonlOptions(context.where, context.entry.options);
    const location = openLocation(context);
    async function* batches({
      params,
      signal,
      onBytes,
      onProgress,
      size,
    }: ReadRequest & { readonly size: number }): AsyncGenerator<Frame> {
      assertNoParams(params, location.shown);
      const dtype = mergeDtypes(options.dtype, await context.dtypes?.());
      const bytes = await streamShown(location, { signal, onProgress });
      const table = createTable({ ...options, dtype }, location.shown, "item");
      let flushed = false;
      for await (const item of readItems(onBytes ? tapStream(bytes, onBytes) : bytes, location.shown)) {
        table.add(item);
        if (table.length() < size) continue;
        yield table.flush();
        flushed = true;
      }
      if (table.length() > 0 || !flushed) yield table.flush();
    }
    return {
      batches,
      frame: (request) => wholeFrame(batches, request, location.shown),
      stream: ({ signal }) => location.stream(signal),
    };
  },
});

/** A JSON array of objects as a sink, one object a line. */
export const sink: SinkType = {
  serves: ["json"],
  open(context) {
    readOptions(context.where, context.entry.options, {}, { refused });
    const location = openLocation(context);
    return {
      write: (frames, signal) => location.write(encodeUtf8(arrayOf(frames, location.shown)), signal),
      writeRaw: (data, signal) => location.write(data, signal),
    };
  },
};

const refused = { mode: "An array is written whole: `type: jsonl` is what can be added to" };

async function* arrayOf(frames: AsyncIterable<Frame>, shown: string): AsyncGenerator<string> {
  let written = 0;
  for await (const frame of frames) {
    if (frame.length === 0) continue;
    yield `${written === 0 ? "[" : ","}\n${objectsOf(frame, shown, written).join(",\n")}`;
    written += frame.length;
  }
  yield written === 0 ? "[]\n" : "\n]\n";
}
