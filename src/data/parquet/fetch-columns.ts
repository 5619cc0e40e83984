import type { AsyncBuffer, ColumnMetaData, RowGroup } from "hyparquet";

/** The bytes of one column chunk. */
export interface FetchedChunk {
  /** The first name of its path. */
  readonly key: string;
  readonly chunk: ColumnMetaData;
  /** The position of the chunk in its row group. */
  readonly at: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What lies as close together is fetched by one request, up to so many bytes. */
const maxGap = 2 ** 13;
const maxTogether = 2 ** 21;

/**
 * Fetches columns of a row group, those that lie side by side at once.
 *
 * @param file The file.
 * @param group The row group.
 * @param keys The first names of the paths of the columns.
 *
 * @returns The chunks, and a file that has their bytes at hand.
 *
 * @throws When the file is shorter than the metadata say.
 */
export async function fetchColumns(
  file: AsyncBuffer,
  { columns }: RowGroup,
  keys: ReadonlySet<string>,
): Promise<{ readonly chunks: readonly FetchedChunk[]; readonly file: AsyncBuffer }> {
  const wanted = columns.flatMap(({ meta_data: chunk }, at) => {
    const key = chunk?.path_in_schema[0];
    if (chunk === undefined || key === undefined || !keys.has(key)) return [];
    // As the parser finds them.
    const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
    const end = start + Number(chunk.total_compressed_size);
    if (!(start >= 0 && end >= start && end <= file.byteLength)) {
      throw new Error(`a column from byte ${start} to ${end} in a file of ${file.byteLength}`);
    }
    return [{ key, chunk, at, start, end }];
  });
  const ranges: { start: number; end: number }[] = [];
  for (const { start, end } of [...wanted].sort((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (last && start - last.end <= maxGap && Math.max(end, last.end) - last.start <= maxTogether) {
      last.end = Math.max(end, last.end);
    } else ranges.push({ start, end });
  }
  const held = await Promise.all(
    ranges.map(async (range) => ({ ...range, bytes: await file.slice(range.start, range.end) })),
  );
  const within = (start: number, end: number) => held.find((one) => one.start <= start && end <= one.end);
  const chunks = wanted.map(({ key, chunk, at, start, end }) => {
    const one = within(start, end);
    if (one === undefined) throw new Error(`no bytes from ${start} to ${end}`);
    return { key, chunk, at, bytes: new Uint8Array(one.bytes, start - one.start, end - start) };
  });
  return {
    chunks,
    file: {
      byteLength: file.byteLength,
      slice(start, end = file.byteLength) {
        const one = within(start, end);
        return one === undefined ? file.slice(start, end) : one.bytes.slice(start - one.start, end - one.start);
      },
    },
  };
}
