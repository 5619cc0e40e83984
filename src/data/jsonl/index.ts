import { encodeUtf8, tapStream } from "../../util/streams.ts";
import { mergeDtypes } from "../access/dtype-option.ts";
import { assertNoParams } from "../access/no-params.ts";
import { readOptions } from "../access/options.ts";
import { wholeFrame } from "../frame/whole-frame.ts";
import { openLocation } from "../location/open-location.ts";
import type { Frame, ReadRequest, SinkType, SourceType } from "../types.ts";
import { readLines } from "./lines.ts";
import { readJsonlOptions } from "./options.ts";
import { createTable } from "./table.ts";
import { writeJsonl } from "./write.ts";

/** JSON Lines: one object a line. */
export const source: SourceType = {
  serves: ["jsonl"],
  readsDtypes: true,
  open(context) {
    const options = readJsonlOptions(context.where, context.entry.options);
    const location = openLocation(context);
    async function* batches({
      params,
      signal,
      onBytes,
      size,
    }: ReadRequest & { readonly size: number }): AsyncGenerator<Frame> {
      assertNoParams(params, location.shown);
      const dtype = mergeDtypes(options.dtype, await context.dtypes?.());
      const bytes = await location.stream(signal);
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
};

/** JSON Lines as sinks. */
export const sink: SinkType = {
  serves: ["jsonl"],
  open(context) {
    readOptions(context.where, context.entry.options, {});
    const location = openLocation(context);
    return {
      write: (frames, signal) => location.write(encodeUtf8(writeJsonl(frames, location.shown)), signal),
      writeRaw: (data, signal) => location.write(data, signal),
    };
  },
};
