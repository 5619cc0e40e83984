import { streamFrom, tapStream } from "../../util/streams.ts";
import { mergeDtypes } from "../access/dtype-option.ts";
import { assertNoParams } from "../access/no-params.ts";
import { overFiles } from "../files/over-files.ts";
import { wholeFrame } from "../frame/whole-frame.ts";
import { openLocation } from "../location/open-location.ts";
import { streamShown } from "../location/stream-shown.ts";
import type { Frame, OpenContext, ReadRequest, SinkType, SourceType } from "../types.ts";
import type { TextEncoding } from "./encoding/encode.ts";
import { readCsvSinkOptions } from "./options/sink-options.ts";
import { dialects, readCsvOptions } from "./options.ts";
import { readCsv } from "./read.ts";
import { addedCsv, marked } from "./text/append.ts";
import { writeCsv } from "./write.ts";

const serves = Object.keys(dialects);

/** CSV files: `csv`, and `euro_csv` with semicolons and decimal commas. */
export const source: SourceType = overFiles({
  serves,
  readsDtypes: true,
  open(context) {
    const log = context.host.log.child("data");
    const ignored = (name: string) => log.debug(`${context.where}: options.${name} only tunes pandas; it is ignored`);
    const options = readCsvOptions(context.where, String(context.entry.type), context.entry.options, ignored);
    const location = openLocation(withCompression(context, options.compression));
    // With `nrows`, where reading ends depends on how the bytes came.
    const readsAll = options.nrows === Number.POSITIVE_INFINITY;
    async function* batches({
      params,
      signal,
      onBytes,
      onProgress,
      texts,
      size,
    }: ReadRequest & { readonly size: number }): AsyncGenerator<Frame> {
      assertNoParams(params, location.shown);
      const dtype = mergeDtypes(options.dtype, await context.dtypes?.());
      const bytes = await streamShown(location, { signal, onProgress });
      const counted = onBytes && readsAll ? tapStream(bytes, onBytes) : bytes;
      yield* readCsv(counted, { ...options, dtype, ...(texts && { texts }) }, location.shown, size, (message) =>
        log.warning(message),
      );
    }
    return {
      batches,
      frame: (request) => wholeFrame(batches, request, location.shown),
      stream: ({ signal }) => location.stream(signal),
    };
  },
});

const encoder = new TextEncoder();
const utf8: TextEncoding = { mark: new Uint8Array(0), encode: (text) => encoder.encode(text) };

/** pandas has the compression among the options. */
function withCompression(context: OpenContext, compression: unknown): OpenContext {
  return compression === undefined ? context : { ...context, entry: { compression, ...context.entry } };
}

/** CSV files as sinks. */
export const sink: SinkType = {
  serves,
  open(context) {
    const log = context.host.log.child("data");
    const ignored = (name: string) => log.debug(`${context.where}: options.${name} only tunes pandas; it is ignored`);
    const options = readCsvSinkOptions(context.where, String(context.entry.type), context.entry.options, ignored);
    const location = openLocation(withCompression(context, options.compression));
    const { encode, mark } = options.encoding ?? utf8;
    const pieces = (bytes: AsyncIterable<Uint8Array>) => streamFrom(bytes, (piece) => piece);
    const encoding = { mark, encode };
    if (options.mode === "a") {
      return {
        write: (frames, signal) =>
          location.append(pieces(addedCsv(frames, options, { location, encoding, signal })), signal),
        writeRaw: (data, signal) => location.append(data, signal),
      };
    }
    return {
      write: (frames, signal) => location.write(pieces(marked(writeCsv(frames, options), encoding)), signal),
      writeRaw: (data, signal) => location.write(data, signal),
    };
  },
};
