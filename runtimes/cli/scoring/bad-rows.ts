import { type BadRow, type Host, LaunchpadError, openLocation, toPlain } from "../../../src/internal.ts";
import { pathUrl } from "../../project/find-config.ts";
import type { BadRows } from "./options.ts";

/** File of rows that have no prediction. */
export interface BadRowFile {
  /** Takes a row; undefined where the first ends all. */
  readonly add: ((row: BadRow) => Promise<void>) | undefined;
  /** Lets the file appear. */
  end(): Promise<void>;
  /** Lets it not appear. */
  abandon(error: unknown): Promise<void>;
}

/**
 * Opens the file for rows without prediction, JSON Lines: the number of the row, the reason, and what was read. It appears when all is
 * done, also if there is no such row: an older one would mislead.
 *
 * @param bad What is to be done with such rows.
 * @param host What the runtime can do.
 *
 * @returns The file.
 */
export function openBadRows(bad: BadRows, host: Host): BadRowFile {
  const { files } = host;
  if (bad === "fail" || files === undefined) {
    return { add: undefined, end: async () => {}, abandon: async () => {} };
  }
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const written = /^[a-z0-9+]{2,}:/i.test(bad.file)
    ? openLocation({ name: bad.file, entry: { type: "jsonl", path: bad.file }, where: "--errors", host }).write(
        readable,
      )
    : files.write(pathUrl(bad.file, files), readable);
  // Whoever adds the next row hears of it, or whoever ends.
  written.catch((error: unknown) => writer.abort(error).catch(() => {}));
  const encoder = new TextEncoder();
  return {
    async add({ row, code, message, values }) {
      const line = JSON.stringify({ row, code, message, values: toPlain(values) });
      await writer.write(encoder.encode(`${line}\n`)).catch(async (error: unknown) => {
        await written;
        throw error;
      });
    },
    async end() {
      await writer.close().catch(() => {});
      await written;
    },
    async abandon(error) {
      const reason = error instanceof Error ? error : new LaunchpadError("ABORTED", "stopped");
      await writer.abort(reason).catch(() => {});
      await written.catch(() => {});
    },
  };
}
