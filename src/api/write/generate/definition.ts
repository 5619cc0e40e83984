import { optionHint, quote } from "../../../data/access/messages.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { ApiDefinition, Parameter, Resource } from "../../definition.ts";
import { parametersIn, segmentsOf } from "../../path.ts";
import type { ColumnSketch, TableSketch } from "./columns.ts";

/** What an API file says besides the columns. */
export interface GenerateOptions {
  /** The name of the API: its title. */
  readonly title: string;
  /** `v` and the major version of the model. */
  readonly version: string;
  /** The name of the data source. */
  readonly source: string;
  /** The column that is predicted: it is the result and no argument. */
  readonly target?: string;
  /** The last part of the path. */
  readonly resource: string;
}

/**
 * Creates the definition of an API whose arguments are the columns of a table.
 *
 * @param table What the table tells.
 * @param options What else is known.
 *
 * @returns A definition with one resource.
 *
 * @throws COLUMN_UNKNOWN for a target that the table does not have; USAGE for a resource that is no path.
 */
export function definitionOf(table: TableSketch, options: GenerateOptions): ApiDefinition {
  const { title, version, target } = options;
  const result = target === undefined ? undefined : resultOf(table, target, options.source);
  const parameters = table.columns.filter(({ name }) => name !== target).map((column) => parameterOf(column, options));
  const resource: Resource = {
    path: pathOf(options.resource),
    methods: ["GET", "POST"],
    description: target === undefined ? "Make a prediction" : `Predict ${target}`,
    parameters,
    additional: false,
    ...(result && { result }),
  };
  return { title, version, resources: [resource] };
}

function pathOf(resource: string): string {
  const path = `/${resource.replace(/^\//, "")}`;
  const segments = segmentsOf(path);
  const problem =
    typeof segments === "string" ? segments : parametersIn(segments).length > 0 && `the path ${path} has a parameter`;
  if (problem) throw new LaunchpadError("USAGE", `--resource: ${problem}. Expected a name such as predictions`);
  return path;
}

function parameterOf({ name, schema, everywhere, seen, example }: ColumnSketch, options: GenerateOptions): Parameter {
  return {
    name,
    in: "query",
    required: everywhere,
    schema,
    ...(seen !== undefined && { description: `${seen} in ${options.source}` }),
    ...(example !== undefined && { example }),
  };
}

function resultOf(table: TableSketch, target: string, source: string): NonNullable<Resource["result"]> {
  const column = table.columns.find(({ name }) => name === target);
  if (column === undefined) {
    const names = table.columns.map(({ name }) => name);
    throw new LaunchpadError(
      "COLUMN_UNKNOWN",
      `--target: ${source} has no column ${quote(target)}; ${optionHint(target, names)}`,
    );
  }
  return {
    description: "The prediction",
    // A computed key, because a column may be called __proto__.
    schema: { type: "object", properties: { [target]: column.schema }, required: [target] },
    ...(column.example !== undefined && { example: { [target]: column.example } }),
  };
}
