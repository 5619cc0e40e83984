import { dtypeNamed } from "../access/dtype-option.ts";
import { relocated } from "../access/options.ts";
import type { OpenContext } from "../types.ts";

/** Options that list columns, by the type of source that has them. */
const lists = ["columns", "usecols"] as const;

/** What the options of a source say of single columns. */
export interface ColumnOptions {
  /** The columns that are wanted, in this order; undefined for all. */
  readonly listed: readonly string[] | undefined;
  /** The dtype that a column is given, if it is. */
  dtypeOf(name: string): string | undefined;
}

/**
 * Finds what the options of a source say of single columns.
 *
 * @param context What the source is opened with.
 *
 * @returns What they say.
 */
export function columnOptions({ entry }: OpenContext): ColumnOptions {
  const options = isSection(entry.options) ? entry.options : {};
  const { dtype } = options;
  const list = lists.map((name) => options[name]).find(Array.isArray) as unknown[] | undefined;
  return {
    listed: list?.every((name): name is string => typeof name === "string") ? list : undefined,
    dtypeOf(name) {
      const told =
        typeof dtype === "string" ? dtype : isSection(dtype) && Object.hasOwn(dtype, name) ? dtype[name] : "";
      return typeof told === "string" ? dtypeNamed(told) : undefined;
    },
  };
}

/**
 * Context that one file of many is opened with.
 *
 * @param context What the source is opened with.
 * @param url The file.
 * @param partitions Columns that its folders tell: the file itself knows nothing of them.
 *
 * @returns The same with the path of the file.
 */
export function fileContext(context: OpenContext, url: URL, partitions: readonly string[]): OpenContext {
  const { options } = context.entry;
  const entry = { ...context.entry, path: url.href };
  if (partitions.length === 0 || !isSection(options)) return { ...context, entry };
  const own: Record<string, unknown> = { ...options };
  for (const name of lists) {
    const list = own[name];
    const left = Array.isArray(list) ? list.filter((column) => !partitions.includes(column)) : undefined;
    if (left) own[name] = left;
    // Whoever wants nothing but what the folders tell still wants to know how often.
    if (left?.length === 0) delete own[name];
  }
  if (isSection(own.dtype)) {
    own.dtype = Object.fromEntries(Object.entries(own.dtype).filter(([column]) => !partitions.includes(column)));
  }
  return { ...context, entry: { ...entry, options: relocated(options, own) }, ...ownDtypes(context, partitions) };
}

function ownDtypes({ dtypes }: OpenContext, partitions: readonly string[]): Pick<OpenContext, "dtypes"> {
  if (dtypes === undefined) return {};
  const without = async () =>
    Object.fromEntries(Object.entries(await dtypes()).filter(([name]) => !partitions.includes(name)));
  return { dtypes: without };
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
