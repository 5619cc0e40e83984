import { toPlain } from "../../data/to-json.ts";
import type { Frame } from "../../data/types.ts";
import { LaunchpadError } from "../../errors.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import type { ApiDefinition, Resource } from "../definition.ts";
import { compileResource } from "./resource.ts";

/**
 * Creates arguments of an API from rows of data: those of the first resource whose arguments have columns of their names.
 *
 * @param definition The API.
 * @param frame The data.
 * @param count How many are wanted; the rows are spread over the data.
 * @param nulls Whether what is missing in a row and may be is null, as for a model without `input`; else it is absent.
 *
 * @returns As many arguments as there are rows which the API takes, `count` at most.
 *
 * @throws DATA_INVALID when no resource can be asked with the columns there are, or no row is taken.
 */
export function sampleArgs(
  definition: ApiDefinition,
  frame: Frame,
  count: number,
  nulls = false,
): Record<string, unknown>[] {
  const { resources, schemas = {} } = definition;
  const resource = resources.find((one) => canAsk(one, frame, schemas));
  if (resource === undefined) {
    const wanted = resources.map(
      (one) => `${one.path} takes ${namesOf(one, schemas)?.needed.join(", ") || "what it does not name"}`,
    );
    throw new LaunchpadError("DATA_INVALID", `${wanted.join("; ")}; found the columns ${frame.names.join(", ")}`);
  }
  const names = namesOf(resource, schemas)?.all.filter((name) => frame.names.includes(name)) ?? [];
  const validate = compileResource(inBody(resource), { schemas, nulls });
  const taken: Record<string, unknown>[] = [];
  let refusal = "";
  for (const index of spread(frame.length, count)) {
    const row = toPlain(frame.row(index)) as Record<string, unknown>;
    // What is missing in data is absent in a request.
    const json = Object.fromEntries(names.flatMap((name) => (row[name] == null ? [] : [[name, row[name]]])));
    const { args, faults } = validate({ query: [], path: {}, body: { json } }) as Outcome;
    if (args) taken.push({ ...args });
    else refusal ||= `row ${index}: ${faults?.[0]?.name}: ${faults?.[0]?.message}`;
  }
  if (taken.length > 0) return taken;
  throw new LaunchpadError("DATA_INVALID", `${resource.path} takes no row there is${refusal && `; ${refusal}`}`);
}

interface Outcome {
  readonly args?: Record<string, unknown>;
  readonly faults?: readonly { readonly name: string; readonly message: string }[];
}

interface Names {
  readonly all: readonly string[];
  readonly needed: readonly string[];
}

function canAsk(resource: Resource, frame: Frame, schemas: Readonly<Record<string, JsonSchema>>): boolean {
  const names = namesOf(resource, schemas);
  if (names === undefined || !names.needed.every((name) => frame.names.includes(name))) return false;
  return names.all.some((name) => frame.names.includes(name));
}

/** The names of the arguments; undefined if the API does not say them. */
function namesOf({ parameters, body }: Resource, schemas: Readonly<Record<string, JsonSchema>>): Names | undefined {
  const needed = parameters.filter(({ required }) => required).map(({ name }) => name);
  const all = parameters.map(({ name }) => name);
  if (body === undefined) return all.length > 0 ? { all, needed } : undefined;
  const { properties, required = [] } = resolved(body.schema, schemas);
  if (typeof properties !== "object" || properties === null) return undefined;
  return { all: [...all, ...Object.keys(properties)], needed: [...needed, ...(required as string[])] };
}

function resolved(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): Record<string, unknown> {
  if (typeof schema === "boolean") return {};
  const [, name] = /^#\/components\/schemas\/([^/]+)$/.exec(String(schema.$ref)) ?? [];
  const found = name === undefined ? undefined : schemas[name];
  return typeof found === "object" ? found : schema;
}

/** A row has everything in one place. */
function inBody(resource: Resource): Resource {
  return { ...resource, parameters: resource.parameters.map((parameter) => ({ ...parameter, in: "body" as const })) };
}

/** The positions of `count` of `length` rows, evenly: neighbours are often alike. */
function spread(length: number, count: number): number[] {
  const many = Math.min(length, count);
  return Array.from({ length: many }, (_, index) => Math.floor((index * length) / many));
}
