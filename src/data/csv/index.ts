import { encodeUtf8, tapStream } from "../../util/streams.ts";
import { mergeDtypes } from "../access/dtype-option.ts";
import { assertNoParams } from "../access/no-params.ts";
import { wholeFrame } from "../frame/whole-frame.ts";
import { openLocation } from "../location/open-location.ts";
import type { Frame, ReadRequest, SinkType, SourceType } from "../types.ts";
import { dialects, readCsvOptions, readCsvSinkOptions } from "./options.ts";
import { readCsv } from "./read.ts";
import { writeCsv } from "./write.ts";

const serves = Object.keys(dialects);

/** CSV files: `csv`, and `euro_csv` with semicolons and decimal commas. */
export const source: SourceType = {
  serves,
  readsDtypes: true,
  open(context) {
    const options = readCsvOptions(context.where, String(context.entry.type), context.entry.options);
    const location = openLocation(context);
    // With `nrows`, where reading ends depends on how the bytes came.
    const readsAll = options.nrows === Number.POSITIVE_INFINITY;
    async function* batches({
      params,
      signal,
      onBytes,
      size,
    }: ReadRequest & { readonly size: number }): AsyncGenerator<Frame> {
      assertNoParams(params, location.shown);
      const dtype = mergeDtypes(options.dtype, await context.dtypes?.());
      const bytes = await location.stream(signal);
      const counted = onBytes && readsAll ? tapStream(bytes, onBytes) : bytes;
      yield* readCsv(counted, { ...options, dtype }, location.shown, size);
    }
    return {
      batches,
      frame: (request) => wholeFrame(batches, request, location.shown),
      stream: ({ signal }) => location.stream(signal),
    };
  },
};

/** CSV files as sinks. */
export const sink: SinkType = {
  serves,
  open(context) {
    const options = readCsvSinkOptions(context.where, String(context.entry.type), context.entry.options);
    const location = openLocation(context);
    return {
      write: (frames, signal) => location.write(encodeUtf8(writeCsv(frames, options)), signal),
      writeRaw: (data, signal) => location.write(data, signal),
    };
  },
};
