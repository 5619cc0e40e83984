import { LaunchpadError } from "../../errors.ts";
import { quote } from "../hint.ts";
import { openLocation } from "../location.ts";
import { encodeUtf8, tapped } from "../streams.ts";
import type { Frame, Params, ReadRequest, SinkType, SourceType } from "../types.ts";
import { dialects, readCsvOptions, readCsvSinkOptions } from "./options.ts";
import { readCsv } from "./read.ts";
import { writeCsv } from "./write.ts";

const serves = Object.keys(dialects);

/** CSV files: `csv`, and `euro_csv` with semicolons and decimal commas. */
export const source: SourceType = {
  serves,
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
      const bytes = await location.stream(signal);
      yield* readCsv(onBytes && readsAll ? tapped(bytes, onBytes) : bytes, options, location.shown, size);
    }
    return {
      batches,
      async frame(request) {
        // One batch of everything, so that each dtype is inferred once over all rows.
        for await (const frame of batches({ ...request, size: Number.POSITIVE_INFINITY })) return frame;
        throw new LaunchpadError("INTERNAL", `${location.shown}: no frame`);
      },
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
      write: (frames) => location.write(encodeUtf8(writeCsv(frames, options))),
      writeRaw: (data) => location.write(data),
    };
  },
};

function assertNoParams(params: Params, shown: string): void {
  const names = Object.keys(params);
  if (names.length === 0) return;
  const given = names.map(quote).join(", ");
  throw new LaunchpadError("DATA_INVALID", `${shown}: a file takes no parameters, found ${given}`);
}
