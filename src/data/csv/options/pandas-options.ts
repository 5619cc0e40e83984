/** Options of `read_csv` that only say how pandas does its work. */
export const ignoredOptions = [
  "engine",
  "low_memory",
  "memory_map",
  "float_precision",
  "infer_datetime_format",
  "cache_dates",
  "verbose",
  "dtype_backend",
  "keep_date_col",
  "mangle_dupe_cols",
] as const;

/** Options of `read_csv` that are refused, and what to write instead. */
export const refusedOptions = {
  chunksize: "Read `batches({ size })` or `rows()`",
  iterator: "Read `batches()` or `rows()`",
  converters: "Give the column `dtype: { name: str }`, and convert it in the model",
  date_parser: "Say how dates are written by `date_format`",
  dialect: "Write its parts: sep, quotechar, escapechar, doublequote, skipinitialspace, quoting",
  squeeze: "Take the column from the frame: frame.column(name)",
  prefix: "Give the columns `names`",
  storage_options: "Write `headers`, `endpoint` and the credentials beside `path`",
  error_bad_lines: "Write `on_bad_lines: error` or `skip`",
  warn_bad_lines: "Write `on_bad_lines: warn`",
} as const;

/** Options of `to_csv` that only say how pandas does its work. */
export const ignoredSinkOptions = ["chunksize"] as const;

/** Options of `to_csv` that are refused, and what to write instead. */
export const refusedSinkOptions = {
  storage_options: "Write `endpoint` and the credentials beside `path`",
} as const;
