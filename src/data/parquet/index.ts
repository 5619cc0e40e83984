import { streamFrom } from "../../util/streams.ts";
import { mergeDtypes } from "../access/dtype-option.ts";
import { assertNoParams } from "../access/no-params.ts";
import { overFiles } from "../files/over-files.ts";
import { rebatch } from "../frame/rebatch.ts";
import { wholeFrame } from "../frame/whole-frame.ts";
import { openLocation } from "../location/open-location.ts";
import type { Frame, ReadRequest, SinkType, SourceType } from "../types.ts";
import { readParquetOptions, readParquetSinkOptions } from "./options.ts";
import { parquetGroups, readParquet } from "./read.ts";
import { writeParquet } from "./write.ts";

/** Parquet files. Never more than a row group is in memory, beside what a batch takes. */
export const source: SourceType = overFiles({
  serves: ["parquet"],
  readsDtypes: true,
  open(context) {
    const options = readParquetOptions(context.where, context.entry.options);
    const location = openLocation(context);
    async function* batches({
      params,
      signal,
      size,
      columns,
      filters,
      onProgress,
      rows,
    }: ReadRequest & { readonly size: number }): AsyncGenerator<Frame> {
      assertNoParams(params, location.shown);
      const dtype = mergeDtypes(options.dtype, await context.dtypes?.());
      yield* rebatch(
        readParquet(location, { ...options, dtype, size, wanted: columns, filters, onProgress, rows }, signal),
        size,
      );
    }
    return {
      batches,
      groups: ({ signal }) => parquetGroups(location, signal),
      frame: (request) => wholeFrame(batches, request, location.shown),
      stream: ({ signal }) => location.stream(signal),
    };
  },
});

/** Parquet files as sinks, one row group in memory. */
export const sink: SinkType = {
  serves: ["parquet"],
  open(context) {
    const options = readParquetSinkOptions(context.where, context.entry.options);
    const location = openLocation(context);
    return {
      write: (frames, signal) =>
        location.write(
          streamFrom(writeParquet(frames, options, location.shown), (bytes) => bytes),
          signal,
        ),
      writeRaw: (data, signal) => location.write(data, signal),
    };
  },
};
