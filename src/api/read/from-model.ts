import type { GenericSchema } from "valibot";
import { jsonSchemaOf } from "../../schema/from-valibot.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import type { ApiDefinition, Parameter, Resource } from "../definition.ts";
import { dereferenced, parameterOf, type Schemas } from "../parameter-from-schema.ts";
import { argumentsOf } from "./from-model-arguments.ts";

/** What is known of an API whose model declares schemas. */
export interface ModelApi {
  /** The schema (valibot) of the arguments. */
  readonly input?: GenericSchema | undefined;
  /** The schema (valibot) of what `predict` returns. */
  readonly output?: GenericSchema | undefined;
  readonly title: string;
  /** `v` and the major version of the model. */
  readonly version: string;
  /** The name of the one resource: `predictions`. */
  readonly resource: string;
}

/**
 * Creates the definition of an API from the schemas of a model: one resource, for GET and POST. What JSON Schema
 * cannot say (a check in code, a date) is open in the definition; the model's own schema checks it before it predicts.
 *
 * @param api The schemas, and what the configuration says.
 *
 * @returns A definition with one resource.
 */
export async function definitionOf({ input, output, title, version, resource }: ModelApi): Promise<ApiDefinition> {
  const schemas: Record<string, JsonSchema> = {};
  const taken = input && (await jsonSchemaOf(input, "input", schemas));
  const given = output && (await jsonSchemaOf(output, "output", schemas));
  return {
    title,
    version,
    resources: [
      {
        path: `/${resource}`,
        ...(taken === undefined ? { methods: ["POST"], parameters: [], additional: true } : takes(taken, schemas)),
        ...(given !== undefined && { result: resultOf(given) }),
      },
    ],
    ...(Object.keys(schemas).length > 0 && { schemas }),
  };
}

function takes(schema: JsonSchema, schemas: Schemas): Pick<Resource, "methods" | "parameters" | "additional" | "body"> {
  const found = argumentsOf(schema, schemas);
  if (!found) return { methods: ["POST"], parameters: [], additional: false, body: { required: true, schema } };
  // What has no text form, a file or an object in an object, comes in a body only.
  const isText = ({ file, schema: one }: Parameter) => file === undefined && hasText(one, schemas);
  const parameters = found.parameters.map((one): Parameter => (isText(one) ? { ...one, in: "query" } : one));
  const { additional } = found;
  if (parameters.some((one) => one.in === "body" && one.required)) {
    return { methods: ["POST"], parameters: found.parameters, additional };
  }
  return { methods: ["GET", "POST"], parameters, additional };
}

function hasText(schema: JsonSchema, schemas: Schemas, isItem = false): boolean {
  const found = dereferenced(schema, schemas);
  if (typeof found !== "object") return true;
  const types = [found.type].flat();
  if (types.includes("object") || (isItem && types.includes("array"))) return false;
  if (types.includes("array") && typeof found.items === "object")
    return hasText(found.items as JsonSchema, schemas, true);
  const several = [found.anyOf, found.oneOf, found.allOf].flat().filter((one) => one !== undefined);
  return several.every((one) => hasText(one as JsonSchema, schemas, isItem));
}

function resultOf(schema: JsonSchema): NonNullable<Resource["result"]> {
  const { schema: plain, description, example } = parameterOf("result", "query", true, schema, {});
  return {
    schema: plain,
    ...(description !== undefined && { description }),
    ...(example !== undefined && { example }),
  };
}
