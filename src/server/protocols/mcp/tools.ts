import type { ApiDefinition } from "../../../api/definition.ts";
import { signatureOf } from "../../../api/signature.ts";
import { rowResource } from "../../../api/validation/row.ts";
import { argumentsSchema, asPart } from "../../../api/write/openapi/arguments-schema.ts";
import type { Part } from "../../../api/write/openapi/parameters.ts";
import { createSchemas, type Schemas } from "../../../api/write/openapi/schemas.ts";
import { possibleTypes } from "../../../schema/describe-type.ts";
import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { Json } from "../../../util/json.ts";
import type { ModelApi } from "../../models/model-api.ts";
import type { ServedModel } from "../../models/served-models.ts";
import { invalid } from "../invalid.ts";

/** Tool as a client is told of it. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Part;
  readonly outputSchema?: Part;
}

/** Model as a tool. */
export interface ModelTool {
  /** As the current revision has it, where a prediction may be anything. */
  readonly tool: Tool;
  /** As earlier ones have it, where what is structured is an object. */
  readonly asObject: Tool;
  /** Makes a row of arguments. Throws ARGUMENTS_INVALID. */
  rowOf(args: Readonly<Record<string, unknown>>): unknown;
  /** Makes an object of a prediction, as `asObject` describes it. */
  objectOf(prediction: Json): Json;
}

/** Name of what is no object, in an object. */
const wrapped = "prediction";

const made = new WeakMap<ModelApi, ModelTool>();

/**
 * Makes a tool of a model: its schemas are those of the API. Made once, for as long as the model is open.
 *
 * @param model Its name and version.
 * @param api Its API.
 *
 * @returns The tool.
 *
 * @throws SchemaError when a schema refers to one that there is not.
 */
export function toolOf(model: Pick<ServedModel, "name" | "version">, api: ModelApi): ModelTool {
  const known = made.get(api) ?? create(model, api);
  made.set(api, known);
  return known;
}

function create(
  { name, version }: Pick<ServedModel, "name" | "version">,
  { definition, options }: ModelApi,
): ModelTool {
  const schemas = createSchemas(definition.schemas, "#/$defs/");
  const { inputs } = signatureOf(definition);
  const resource = rowResource(definition)?.resource;
  const about = resource?.description ?? definition.description ?? "Asks a machine-learning model for one prediction.";
  const ignoresOthers = options.unknownParameters === "ignore";
  const common = {
    name,
    title: definition.title,
    description: `${about.trim()} (model ${name}, version ${version})`,
    inputSchema: withDefinitions(argumentsSchema(definition, inputs, schemas, ignoresOthers), schemas),
  };
  const output = outputSchemaOf({ definition, options });
  const placed = output === undefined ? undefined : asPart(schemas.place(output, "Result"));
  const isObject = output !== undefined && isOnlyObject(output, definition);
  const objectSchema =
    placed &&
    (isObject
      ? { ...placed, type: "object" }
      : { type: "object", properties: { [wrapped]: placed }, required: [wrapped] });
  const isRecord = (value: Json) => typeof value === "object" && value !== null && !Array.isArray(value);
  return {
    tool: { ...common, ...(placed && { outputSchema: withDefinitions(placed, schemas) }) },
    asObject: { ...common, ...(objectSchema && { outputSchema: withDefinitions(objectSchema, schemas) }) },
    rowOf(args) {
      if (inputs.form !== "value") return args;
      const [field] = inputs.fields;
      const own = field?.name ?? "body";
      const other = Object.keys(args).find((key) => key !== own);
      if (other !== undefined) throw invalid(other, `expected no such argument: the only one is ${own}`);
      return args[own];
    },
    objectOf: (prediction) =>
      (output === undefined ? isRecord(prediction) : isObject) ? prediction : { [wrapped]: prediction },
  };
}

/** A client takes what does not fit for an error: where predictions need not fit, nothing is promised. */
function outputSchemaOf({ definition, options }: Pick<ModelApi, "definition" | "options">): JsonSchema | undefined {
  const schema = rowResource(definition)?.resource.result?.schema;
  const { results = "check", resultIsChecked } = options;
  if (schema === undefined || schema === true || schema === false) return undefined;
  return resultIsChecked || results === "check" ? schema : undefined;
}

function isOnlyObject(schema: JsonSchema, { schemas = {} }: ApiDefinition): boolean {
  const types = possibleTypes({ schema, root: schema, where: "" }, schemas) ?? [];
  return types.length === 1 && types[0] === "object";
}

/** Adds those named schemas that are referred to, and no others: an agent reads every word. */
function withDefinitions(schema: Part, schemas: Schemas): Part {
  const all = schemas.components();
  const used = new Map<string, JsonSchema>();
  const add = (part: unknown) => {
    const text = JSON.stringify(part);
    for (const [name, definition] of Object.entries(all)) {
      if (used.has(name) || !text.includes(`"#/$defs/${name}`)) continue;
      used.set(name, definition);
      add(definition);
    }
  };
  add(schema);
  return used.size === 0 ? schema : { ...schema, $defs: Object.fromEntries(used) };
}
