import type { Part } from "../../../api/write/openapi/parameters.ts";
import { rowSchemas } from "../../../api/write/openapi/row-schemas.ts";
import type { Schemas } from "../../../api/write/openapi/schemas.ts";
import type { Problem } from "../../problem.ts";
import type { DescribedApi } from "../endpoint.ts";
import type { Protocol, ProtocolPath } from "../protocol.ts";
import type { Shapes } from "./shape.ts";

/** Path of a protocol that is on. */
export interface Described {
  readonly protocol: Protocol;
  readonly path: ProtocolPath;
}

/**
 * Adds the paths of protocols to those of an API, which are then in full.
 *
 * @param paths The paths of the API.
 * @param schemas Gets the schemas.
 * @param api The API.
 * @param describe Describes the paths of protocols.
 *
 * @returns All paths.
 */
export function describedWith(
  paths: Part,
  schemas: Schemas,
  { definition, basePath, unknownParameters }: DescribedApi,
  describe: (shapes: Shapes) => Part,
): Part {
  const own = Object.entries(paths).map(([path, item]) => [basePath + path, item]);
  const [row, prediction] = rowSchemas(definition, schemas, unknownParameters === "ignore");
  return { ...Object.fromEntries(own), ...describe({ row, prediction }) };
}

/**
 * Describes the paths of protocols in OpenAPI.
 *
 * @param described The paths.
 * @param models Names of the models.
 * @param shapes What their rows and predictions are.
 *
 * @returns Path items by path.
 */
export function describePaths(described: readonly Described[], models: readonly string[], shapes: Shapes): Part {
  const items = described.map(({ protocol, path: { path, handlers, about } }): [string, Part] => {
    const told = about?.(shapes) ?? {};
    const parameters = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string", ...(name === "model" && models.length > 0 && { enum: models }) },
    }));
    const operations = Object.keys(handlers).map((method): [string, Part] => {
      const [summary = protocol.title, takes, gives] = told[method] ?? [];
      return [
        method.toLowerCase(),
        {
          tags: [protocol.title],
          summary,
          ...(takes !== undefined && { requestBody: { required: true, ...json(takes) } }),
          responses: {
            200: { description: "The answer.", ...(gives !== undefined && json(gives)) },
            default: { description: "What is wrong.", ...json(errorOf(protocol)) },
          },
        },
      ];
    });
    return [path, { ...(parameters.length > 0 && { parameters }), ...Object.fromEntries(operations) }];
  });
  return Object.fromEntries(items);
}

const json = (schema: unknown) => ({ content: { "application/json": { schema } } });

const nothing: Problem = { type: "about:blank", title: "", status: 400, detail: "", code: "INTERNAL", request_id: "" };

/** What errors look like is seen by one; what is within its keys may be absent in others. */
function errorOf({ errors }: Protocol): Part {
  const { body } = errors(nothing, new Request("http://localhost"));
  return { ...schemaOf(body), required: Object.keys(body as Part) };
}

function schemaOf(value: unknown): Part {
  if (typeof value !== "object" || value === null) return { type: typeof value };
  const entries = Object.entries(value).map(([key, inner]) => [key, schemaOf(inner)]);
  return { type: "object", properties: Object.fromEntries(entries) };
}
