import { LaunchpadError } from "../../errors.ts";
import { quote } from "../access/messages.ts";
import { readOptions, withoutOptions } from "../access/options.ts";
import { type Filters, filteredColumns, filtersOption } from "../filter/conditions.ts";
import { filterFrame } from "../filter/filter-frame.ts";
import { frameOf, typedColumn } from "../frame/frame.ts";
import { rebatch } from "../frame/rebatch.ts";
import { wholeFrame } from "../frame/whole-frame.ts";
import { openFolder } from "../location/open-location.ts";
import type { Frame, OpenContext, ReadRequest, SourceDriver, SourceType } from "../types.ts";
import { type ColumnOptions, columnOptions, fileContext } from "./file-context.ts";
import { listFiles, noBytes } from "./list-files.ts";
import { type FoundFile, type Partitions, partitionsOf } from "./partitions.ts";
import { type Pattern, patternOf } from "./pattern.ts";

type Request = ReadRequest & { readonly size: number };

/**
 * Creates a type of source that also reads many files as one, and only the rows that `filters` in its options want. Folders named
 * `column=value` make columns; files and parts of files that can hold none of the wanted rows are not read.
 *
 * @param type A type of source that reads one file.
 *
 * @returns The type.
 */
export function overFiles(type: SourceType): SourceType {
  return {
    ...type,
    open(given) {
      const { filters } = readFilters(given);
      const options = withoutOptions(given.entry.options, ["filters"]);
      const context = filters ? { ...given, entry: { ...given.entry, options } } : given;
      const pattern = typeof given.entry.path === "string" ? patternOf(given.entry.path) : undefined;
      if (pattern) return manyFiles(type, context, { pattern, filters });
      const opened = type.open(context);
      if (filters === undefined) return opened;
      return opened instanceof Promise
        ? opened.then((driver) => filtered(driver, filters, context))
        : filtered(opened, filters, context);
    },
  };
}

function readFilters({ where, entry }: OpenContext): { readonly filters?: Filters } {
  const { options } = entry;
  if (typeof options !== "object" || options === null || !("filters" in options)) return {};
  const others = Object.keys(options).filter((name) => name !== "filters");
  return readOptions<{ readonly filters?: Filters }>(where, withoutOptions(options, others), {
    filters: filtersOption,
  });
}

/** Only rows that are wanted, of one file. */
function filtered(driver: SourceDriver, filters: Filters, context: OpenContext): SourceDriver {
  const shown = `[${String(context.entry.type)}] ${context.name}`;
  async function* wanted(request: Request): AsyncGenerator<Frame> {
    const columns = request.columns && [...new Set([...request.columns, ...filteredColumns(filters)])];
    for await (const frame of driver.batches?.({ ...request, columns, filters }) ?? []) {
      yield filterFrame(frame, filters, shown);
    }
  }
  const batches = (request: Request) => rebatch(wanted(request), request.size);
  const { groups: _, ...rest } = driver;
  return { ...rest, batches, frame: (request) => wholeFrame(batches, request, shown) };
}

interface Many {
  readonly pattern: Pattern;
  readonly filters: Filters | undefined;
}

function manyFiles(type: SourceType, context: OpenContext, { pattern, filters }: Many): SourceDriver {
  const { shown } = openFolder(context, pattern.folder);
  // A mistake in the options is one at the start, not when the first file is read.
  const { pathname } = pattern.folder;
  const any = Object.assign(new URL(pattern.folder), { pathname: `${pathname}file` });
  void type.open(fileContext(context, any, []));
  const options = columnOptions(context);

  async function* inFiles(request: Request): AsyncGenerator<Frame> {
    const files = await listFiles(context, pattern, request.signal);
    const partitions = partitionsOf(files, options.dtypeOf, shown);
    const wanted = request.columns && [...new Set([...request.columns, ...(filters ? filteredColumns(filters) : [])])];
    const read = wanted?.filter((name) => !partitions.names.includes(name));
    const possible = filters ? files.filter((file) => mayHold(file, filters, partitions, shown)) : files;
    let names: readonly string[] | undefined;
    let before = 0;
    // Where no file can hold a row, the first one still tells the columns.
    for (const [at, file] of (possible.length === 0 ? files.slice(0, 1) : possible).entries()) {
      request.onBytes?.(new TextEncoder().encode(`${file.path}\n`));
      const driver = await type.open(fileContext(context, file.url, partitions.names));
      const { rows } = request;
      const length = rows ? sum((await driver.groups?.({ signal: request.signal })) ?? []) : 0;
      const own = rows && { start: Math.max(0, rows.start - before), end: Math.min(length, rows.end - before) };
      before += length;
      if (own && own.end <= own.start) continue;
      const reading = {
        ...request,
        columns: read?.length === 0 ? undefined : read,
        rows: own,
        filters: filters && withoutPartitions(filters, partitions),
        onProgress: request.onProgress && ((share: number) => request.onProgress?.((at + share) / possible.length)),
      };
      for await (const found of driver.batches?.(reading) ?? []) {
        const frame = ordered(withPartitions(found, file, { partitions, options, shown }), names, file, shown);
        names ??= frame.names;
        yield filters ? filterFrame(frame, filters, shown) : frame;
        if (possible.length === 0) return;
      }
    }
  }
  const batches = (request: Request) => rebatch(inFiles(request), request.size);
  /** The row groups of each file, if its type has such. */
  async function groupsOf(file: FoundFile, names: readonly string[], signal: AbortSignal | undefined) {
    const driver = await type.open(fileContext(context, file.url, names));
    return driver.groups?.({ signal });
  }
  return {
    batches,
    async groups({ signal }) {
      if (filters) return undefined;
      const files = await listFiles(context, pattern, signal);
      const { names } = partitionsOf(files, options.dtypeOf, shown);
      const all: number[] = [];
      for (const file of files) {
        const groups = await groupsOf(file, names, signal);
        if (groups === undefined) return undefined;
        all.push(...groups);
      }
      return all;
    },
    frame: (request) => wholeFrame(batches, request, shown),
    stream: () => Promise.reject(noBytes(shown)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Whether the folders of a file leave it possible that it holds a row that is wanted. */
function mayHold(file: FoundFile, filters: Filters, partitions: Partitions, shown: string): boolean {
  const known = frameOf(new Map(partitions.names.map((name) => [name, partitions.column(file, name, 1)])), 1);
  return filters.some((list) => {
    const told = list.filter(({ column }) => partitions.names.includes(column));
    return told.length === 0 || filterFrame(known, [told], shown).length === 1;
  });
}

/** What a file by itself can know of; nothing, if one of the lists asks for its folders only. */
function withoutPartitions(filters: Filters, { names }: Partitions): Filters | undefined {
  const own = filters.map((list) => list.filter(({ column }) => !names.includes(column)));
  return own.some((list) => list.length === 0) ? undefined : own;
}

interface Layout {
  readonly partitions: Partitions;
  readonly options: ColumnOptions;
  readonly shown: string;
}

function withPartitions(frame: Frame, file: FoundFile, { partitions, options, shown }: Layout): Frame {
  if (partitions.names.length === 0) return frame;
  const twice = partitions.names.find((name) => frame.names.includes(name));
  if (twice !== undefined) {
    const message = `${shown}${file.path}: no column ${quote(twice)} expected, because the folders tell it; found one in the file`;
    throw new LaunchpadError("DATA_INVALID", `${message}. Rename the one or the other`);
  }
  const typed = new Map(frame.names.map((name) => [name, typedColumn(frame, name)]));
  for (const name of partitions.names) typed.set(name, partitions.column(file, name, frame.length));
  const whole = frameOf(typed, frame.length);
  const listed = options.listed?.filter((name) => typed.has(name));
  return listed ? whole.select(...listed) : whole;
}

/** The columns in the order of the first file. */
function ordered(frame: Frame, names: readonly string[] | undefined, file: FoundFile, shown: string): Frame {
  if (names === undefined || frame.names.every((name, at) => name === names[at])) {
    if (names === undefined || names.length === frame.names.length) return frame;
  }
  const missing = names.filter((name) => !frame.names.includes(name));
  const more = frame.names.filter((name) => !names.includes(name));
  if (missing.length === 0 && more.length === 0) return frame.select(...names);
  const found = missing.length > 0 ? `none named ${quote(missing[0] ?? "")}` : `another, ${quote(more[0] ?? "")}`;
  const message = `${shown}${file.path}: the columns of the first file expected in every file, found ${found}`;
  throw new LaunchpadError("DATA_INVALID", `${message}. Name the columns that all have in the options`);
}
