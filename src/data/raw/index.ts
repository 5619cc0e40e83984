import { readOptions } from "../access/options.ts";
import { writeMode } from "../location/append-lines.ts";
import { openLocation } from "../location/open-location.ts";
import type { SinkType, SourceType } from "../types.ts";

/** Text and binary files have the same bytes; which it is tells whoever reads the configuration what to expect. */
const serves = ["text_file", "binary_file"];

/** Files as they are: text(), bytes() and stream(). */
export const source: SourceType = {
  serves,
  open(context) {
    readOptions(context.where, context.entry.options, {});
    const location = openLocation(context);
    return { stream: ({ signal }) => location.stream(signal) };
  },
};

/** Files as they are, as sinks: writeRaw(). */
export const sink: SinkType = {
  serves,
  open(context) {
    const { mode } = readOptions(context.where, context.entry.options, { mode: writeMode });
    const location = openLocation(context);
    return { writeRaw: mode === "a" ? location.append : location.write };
  },
};
