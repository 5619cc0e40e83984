import { encodeUtf8, tapStream } from "../../util/streams.ts";
import { mergeDtypes } from "../access/dtype-option.ts";
import { assertNoParams } from "../access/no-params.ts";
import { readOptions } from "../access/options.ts";
import { overFiles } from "../files/over-files.ts";
import { wholeFrame } from "../frame/whole-frame.ts";
import { onNewLine, writeMode } from "../location/append-lines.ts";
import { openLocation } from "../location/open-location.ts";
import { streamShown } from "../location/stream-shown.ts";
import type { Frame, ReadRequest, SinkType, SourceType } from "../types.ts";
import { readLines } from "./lines.ts";
import { readJsonlOptions } from "./options.ts";
import { createTable } from "./table.ts";
import { writeJsonl } from "./write.ts";

/** JSON Lines: one object a line. */
export const source: SourceType = overFiles({
  serves: ["jsonl"],
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
      const table = createTable({ ...options, dtype }, location.shown);
      let flushed = false;
      for await (const line of readLines(onBytes ? tapStream(bytes, onBytes) : bytes, location.shown)) {
        table.add(line);
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

/** JSON Lines as sinks. */
export const sink: SinkType = {
  serves: ["jsonl"],
  open(context) {
    const { mode } = readOptions(context.where, context.entry.options, { mode: writeMode });
    const location = openLocation(context);
    const put = mode === "a" ? location.append : location.write;
    return {
      async write(frames, signal) {
        const texts = writeJsonl(frames, location.shown);
        await put(encodeUtf8(mode === "a" ? onNewLine(texts, location, signal) : texts), signal);
      },
      writeRaw: (data, signal) => put(data, signal),
    };
  },
};
