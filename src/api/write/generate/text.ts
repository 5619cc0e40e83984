import { stringify } from "yaml";
import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { ApiDefinition, Parameter, Resource } from "../../definition.ts";
import { createOpenApiDocument } from "../openapi.ts";

/** What is known besides the definition. */
export interface TextOptions {
  /** The name of the API, which is part of its path. */
  readonly name: string;
  /** The version of the model. */
  readonly version: string;
  /** What the reader of the file should know, a line each. */
  readonly comments: readonly string[];
}

/** What RAML 0.8 says of a value in its own words; the rest is for OpenAPI. */
const facets = ["type", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern", "default"];

/** Lines as long as they are, and everything written out: the file is for people to edit. */
const layout = { lineWidth: 0, aliasDuplicateObjects: false } as const;

/**
 * Creates a RAML 0.8 file.
 *
 * @param definition An API whose arguments are single values in the query.
 * @param options What else is known.
 *
 * @returns The text of the file.
 */
export function ramlText(definition: ApiDefinition, options: TextOptions): string {
  const { title, version, resources } = definition;
  const file = {
    title,
    baseUri: `https://{host}/${options.name}/{version}`,
    version,
    ...Object.fromEntries(resources.map((resource) => [resource.path, resourceIn(resource)])),
  };
  return `#%RAML 0.8\n${comment(options)}---\n${stringify(file, layout)}`;
}

/**
 * Creates an OpenAPI 3.1 file.
 *
 * @param definition The API.
 * @param options What else is known.
 *
 * @returns The text of the file, in YAML.
 */
export function openApiText(definition: ApiDefinition, options: TextOptions): string {
  const { name, version } = options;
  const server = `/${name}/${definition.version}`;
  const document = createOpenApiDocument(withNamedResult(definition), { server, version, complete: false });
  return comment(options) + stringify(document, layout);
}

/** GET and POST have one result: whoever edits it does so once. */
function withNamedResult(definition: ApiDefinition): ApiDefinition {
  const schema = definition.resources.find(({ result }) => result?.schema !== undefined)?.result?.schema;
  if (schema === undefined) return definition;
  const resources = definition.resources.map((resource) =>
    resource.result?.schema === schema
      ? { ...resource, result: { ...resource.result, schema: { $ref: "#/components/schemas/Prediction" } } }
      : resource,
  );
  return { ...definition, resources, schemas: { Prediction: schema } };
}

function comment({ comments }: TextOptions): string {
  return comments.map((line) => `# ${line.replace(/\s+/g, " ")}\n`).join("");
}

function resourceIn({ description, parameters, result }: Resource) {
  return {
    get: {
      ...(description !== undefined && { description }),
      // A map, because an object would sort names like 1 and lose __proto__.
      queryParameters: new Map(parameters.map((parameter) => [parameter.name, parameterIn(parameter)])),
      ...(result && { responses: { 200: { ...responseIn(result) } } }),
    },
  };
}

function parameterIn({ schema, required, description, example }: Parameter) {
  return {
    ...valueIn(schema),
    ...(required && { required }),
    ...(description !== undefined && { description }),
    ...(example !== undefined && { example }),
  };
}

function valueIn(schema: JsonSchema): object {
  if (typeof schema === "boolean") return {};
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => facets.includes(keyword)));
}

/** RAML 0.8 takes schemas and examples as the text of JSON. */
function responseIn({ description, schema, example }: NonNullable<Resource["result"]>) {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    ...(description !== undefined && { description }),
    body: {
      "application/json": {
        ...(schema !== undefined && { schema: json(schema) }),
        ...(example !== undefined && { example: json(example) }),
      },
    },
  };
}
