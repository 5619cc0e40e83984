import type { Frame } from "../../data/types.ts";
import { majorOf } from "../../lifecycle/context.ts";
import { sketchTable } from "./generate/columns.ts";
import { definitionOf } from "./generate/definition.ts";
import { openApiText, ramlText } from "./generate/text.ts";

/** The languages that an API file can be made in. */
const writers = { raml: ramlText, openapi: openApiText } as const;

/** What an API file is made from. */
export interface ApiFileOptions {
  readonly language: keyof typeof writers;
  /** The name of the data source. */
  readonly source: string;
  /** Its rows; no more of them are read than are needed. */
  readonly batches: AsyncIterable<Frame> | Iterable<Frame>;
  /** The name of the API: `api.name`, or that of the model. */
  readonly name: string;
  /** The version of the model. */
  readonly version: string;
  /** The column that is predicted. */
  readonly target?: string | undefined;
  /** The last part of the path. Default: `predictions`. */
  readonly resource?: string | undefined;
}

/**
 * Creates an API file from the columns of a data source: types, examples and choices of its arguments, and what the result is.
 *
 * @param options The data source, the language, and what the API is called.
 *
 * @returns The text of the file.
 *
 * @throws DATA_INVALID without rows; COLUMN_UNKNOWN for a target that is not there; USAGE for a resource that is no path.
 */
export async function generateApiFile(options: ApiFileOptions): Promise<string> {
  const { source, name, version, target } = options;
  const table = await sketchTable(options.batches, source);
  const definition = definitionOf(table, {
    title: name,
    version: majorOf(version),
    source,
    resource: options.resource ?? "predictions",
    ...(target !== undefined && { target }),
  });
  const rows = `${table.whole ? "" : "the first "}${table.rows} ${table.rows === 1 ? "row" : "rows"}`;
  const comments = [
    `Made by launchpad from ${rows} of the data source ${source}.`,
    "Examples and choices are values of the data: see that they may be published.",
  ];
  return writers[options.language](definition, { name, version, comments });
}
