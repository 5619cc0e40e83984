import type { JsonSchema } from "../../schema/json-schema.ts";
import type { ApiDefinition, Resource } from "../definition.ts";
import { numbersOnly } from "./numbers.ts";
import { compileResource, type ResourceOutcome, type ValidationOptions } from "./resource.ts";

/** Resource that a row of values by name is for: the first of an API, which all protocols and batches ask. */
export interface RowResource {
  readonly resource: Resource;
  /** Schemas of the definition, by name. */
  readonly schemas: Readonly<Record<string, JsonSchema>> | undefined;
}

/**
 * Finds the resource of an API that rows are for.
 *
 * @param definition The API.
 *
 * @returns The first resource, as one whose parameters all come in a JSON body, whatever their places; undefined where
 * there is none.
 */
export function rowResource({ resources, schemas }: ApiDefinition): RowResource | undefined {
  const [first] = resources;
  if (first === undefined) return undefined;
  const parameters = first.parameters.map(({ style: _, explode: __, ...parameter }) => ({
    ...parameter,
    in: "body" as const,
  }));
  return { resource: { ...first, methods: ["POST"], parameters }, schemas };
}

/**
 * Compiles the validation of one row: values by name, with the types of JSON.
 *
 * @param definition The API.
 * @param options What happens to what is not described, and to what is left out.
 *
 * @returns A function from a row to arguments, or to all its faults.
 *
 * @throws SchemaError when a schema is none.
 */
export function compileRow(
  definition: ApiDefinition,
  options: Omit<ValidationOptions, "schemas"> = {},
): (row: unknown) => ResourceOutcome {
  const found = rowResource(definition);
  if (found === undefined) return () => ({ faults: [{ in: "body", name: "", message: "the API has no resource" }] });
  const validate = compileResource(found.resource, { ...options, schemas: found.schemas });
  const take = numbersOnly(found.resource);
  return (row) => {
    const args = take?.(row);
    return args ? { args } : validate({ query: [], path: {}, body: { json: row } });
  };
}
