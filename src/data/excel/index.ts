import { isLaunchpadError, LaunchpadError, messageOf } from "../../errors.ts";
import { bytesOf, streamOf } from "../../util/streams.ts";
import { loadClient } from "../access/load-client.ts";
import { optionHint, quote } from "../access/messages.ts";
import { assertNoParams } from "../access/no-params.ts";
import { overFiles } from "../files/over-files.ts";
import { concatFrames } from "../frame/frame.ts";
import { openLocation } from "../location/open-location.ts";
import type { Cell, Frame, ReadRequest, SinkType, SourceType } from "../types.ts";
import { readExcelOptions, readExcelSinkOptions } from "./options.ts";
import { type SheetCell, sheetFrame } from "./sheet-frame.ts";

/** The part of the optional package `hucre` that is used: it reads and writes workbooks on every runtime. */
interface Package {
  readXlsx(bytes: Uint8Array): Promise<{
    readonly sheets: readonly { readonly name: string; readonly rows: readonly (readonly SheetCell[])[] }[];
  }>;
  writeXlsx(options: {
    readonly sheets: readonly { readonly name: string; readonly rows: readonly (readonly SheetCell[])[] }[];
  }): Promise<Uint8Array>;
}

const load = () => loadClient<Package>("hucre/xlsx", "type: excel");

/** Excel workbooks (`.xlsx`), of which one sheet is read. They are read whole. */
export const source: SourceType = overFiles({
  serves: ["excel"],
  open(context) {
    const options = readExcelOptions(context);
    const location = openLocation(context);

    async function frame({ params, signal }: ReadRequest): Promise<Frame> {
      assertNoParams(params, location.shown);
      const { readXlsx } = await load();
      const bytes = await bytesOf(await location.stream(signal));
      try {
        const { sheets } = await readXlsx(bytes);
        const { sheet_name: wanted } = options;
        const sheet = typeof wanted === "number" ? sheets[wanted] : sheets.find(({ name }) => name === wanted);
        if (sheet !== undefined) return sheetFrame(sheet.rows, options, location.shown);
        const names = sheets.map(({ name }) => name);
        const message = `${location.shown}: no sheet ${quote(String(wanted))}; ${optionHint(String(wanted), names)}`;
        throw new LaunchpadError("DATA_INVALID", message);
      } catch (thrown) {
        if (isLaunchpadError(thrown)) throw thrown;
        const message = `${location.shown}: an Excel workbook (.xlsx) expected, found what cannot be read: ${messageOf(thrown)}`;
        throw new LaunchpadError("DATA_INVALID", message, { cause: thrown });
      }
    }
    return {
      frame,
      async *batches(request) {
        const whole = await frame(request);
        if (whole.length === 0 || request.size >= whole.length) yield whole;
        else for (let at = 0; at < whole.length; at += request.size) yield whole.slice(at, at + request.size);
      },
      stream: ({ signal }) => location.stream(signal),
    };
  },
});

/** How many rows a sheet holds, the names included. */
const maxRows = 2 ** 20;

/** Excel workbooks as sinks: a sheet with the names of the columns in its first row. */
export const sink: SinkType = {
  serves: ["excel"],
  open(context) {
    const { sheet_name } = readExcelSinkOptions(context);
    const location = openLocation(context);
    return {
      async write(frames, signal) {
        const { writeXlsx } = await load();
        const parts: Frame[] = [];
        for await (const part of frames) parts.push(part);
        const frame = concatFrames(parts);
        if (frame.length >= maxRows) {
          const message = `${location.shown}: at most ${maxRows - 1} rows expected, which a sheet holds, found ${frame.length}`;
          throw new LaunchpadError("DATA_INVALID", message);
        }
        const rows = [frame.names, ...Array.from(frame.rows(), (row) => frame.names.map((name) => cellOf(row[name])))];
        await location.write(streamOf(await writeXlsx({ sheets: [{ name: sheet_name, rows }] })), signal);
      },
      writeRaw: (data, signal) => location.write(data, signal),
    };
  },
};

/** A cell holds no number beyond 2^53, NaN and infinity: the first are text, as the others where they are not missing. */
function cellOf(value: Cell | undefined): SheetCell {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value !== "number" || Number.isFinite(value)) return value ?? null;
  return Number.isNaN(value) ? null : value > 0 ? "inf" : "-inf";
}
