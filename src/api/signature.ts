import type { JsonSchema } from "../schema/json-schema.ts";
import { isRecord } from "../schema/types.ts";
import type { ApiDefinition, Parameter, Resource } from "./definition.ts";
import { type FieldType, fieldType, followed } from "./field-type.ts";
import { isRequired, type Schemas } from "./parameter-from-schema.ts";

/** Input or output of a model. */
export interface SignatureField extends FieldType {
  readonly name: string;
  /** Whether it may be absent. */
  readonly optional: boolean;
  /** What one value must be. It may refer to schemas of the definition. */
  readonly schema: JsonSchema;
}

/** One side of a signature. */
export interface SignatureSide {
  /**
   * What a row or a prediction is: an object with `fields`; a bare `value`, which is the one field; or `open`, because nobody
   * described it: an object with any names.
   */
  readonly form: "fields" | "value" | "open";
  readonly fields: readonly SignatureField[];
  /** Whether there may be fields of other names. */
  readonly additional: boolean;
}

/** Inputs and outputs of a model by name, made from the first resource of its API: the one that rows are for. */
export interface Signature {
  readonly inputs: SignatureSide;
  readonly outputs: SignatureSide;
}

/** Name of an output that is no object. */
export const predictionName = "prediction";
/** Name of an input that is no object. */
export const bodyName = "body";

const open: SignatureSide = { form: "open", fields: [], additional: true };

/**
 * Signature of a model: protocols, generators, pages and monitoring read nothing else.
 *
 * @param definition The API.
 *
 * @returns Inputs in the order in which the API describes them, and outputs in that of the schema of the response. Fields that
 * are the same to the model are the same here, wherever a request has them: path, query, header or body.
 *
 * @throws SchemaError when a schema refers to one that there is not.
 */
export function signatureOf({ resources, schemas = {} }: ApiDefinition): Signature {
  const [resource] = resources;
  if (resource === undefined) return { inputs: open, outputs: open };
  return { inputs: inputsOf(resource, schemas), outputs: outputsOf(resource.result?.schema, schemas) };
}

function inputsOf({ parameters, body, additional }: Resource, schemas: Schemas): SignatureSide {
  const fields = parameters.map((one) => fieldOf(one, schemas));
  if (body === undefined) {
    return fields.length === 0 && additional ? open : { form: "fields", fields, additional };
  }
  const inBody = objectSide(body.schema, schemas);
  // Some of an object's properties may be parameters as well.
  const isNew = ({ name }: SignatureField) => !fields.some((field) => field.name === name);
  if (inBody) return { ...inBody, fields: [...fields, ...inBody.fields.filter(isNew)] };
  return {
    form: "value",
    fields: [{ name: bodyName, optional: !body.required, schema: body.schema, ...wholeType(body.schema, schemas) }],
    additional: false,
  };
}

function outputsOf(schema: JsonSchema | undefined, schemas: Schemas): SignatureSide {
  if (schema === undefined || schema === true) return open;
  const side = objectSide(schema, schemas);
  if (side) return side;
  const type = wholeType(schema, schemas);
  // Alternatives, and objects with any names: what is in them is known when it is there.
  if (type.dtype === "json" && !type.choices) return open;
  return { form: "value", fields: [{ name: predictionName, optional: false, schema, ...type }], additional: false };
}

function fieldOf(parameter: Parameter, schemas: Schemas): SignatureField {
  const { name, schema } = parameter;
  return { name, optional: !isRequired(parameter), schema, ...wholeType(schema, schemas) };
}

const wholeType = (schema: JsonSchema, schemas: Schemas) => fieldType({ schema, root: schema, where: "" }, schemas);

/** The properties of a schema that is an object with named ones. */
function objectSide(schema: JsonSchema, schemas: Schemas): SignatureSide | undefined {
  const { schema: found, root } = followed({ schema, root: schema, where: "" }, schemas);
  if (typeof found !== "object" || !isRecord(found.properties)) return undefined;
  const { properties, additionalProperties } = found;
  const required = new Set(Array.isArray(found.required) ? found.required : []);
  const fields = Object.entries(properties).map(([name, one]): SignatureField => {
    const own = one as JsonSchema;
    return {
      name,
      optional: !required.has(name),
      schema: own,
      ...fieldType({ schema: own, root, where: "" }, schemas),
    };
  });
  return { form: "fields", fields, additional: additionalProperties !== false };
}
