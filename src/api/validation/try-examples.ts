import { toPlain } from "../../data/to-json.ts";
import { messageOf } from "../../errors.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import type { ApiDefinition, Parameter, Resource } from "../definition.ts";
import { responseAt } from "../response-at.ts";
import { compileResource } from "./resource.ts";
import { compileResult } from "./result.ts";

/** What predicts an example. */
export interface Trial {
  predict(args: Record<string, unknown>): Promise<unknown>;
  /** Whether arguments that an example leaves out are null. */
  readonly nulls: boolean;
}

/**
 * Predicts the examples that an API file gives, and finds results that do not fit what it says of the response.
 *
 * @param definition The API.
 * @param trial What predicts.
 *
 * @returns One line for each resource whose example fails, with the line of the file.
 */
export async function tryExamples(definition: ApiDefinition, { predict, nulls }: Trial): Promise<readonly string[]> {
  const { schemas = {} } = definition;
  const problems: string[] = [];
  for (const resource of definition.resources) {
    const args = exampleArgs(resource, schemas, nulls);
    if (args === undefined) continue;
    const at = responseAt(definition, resource);
    try {
      const check = compileResult(resource.result?.schema, { schemas, at });
      check(toPlain(await predict(args)));
    } catch (error) {
      problems.push(`the example of ${at ?? resource.path} cannot be answered: ${messageOf(error)}`);
    }
  }
  return problems;
}

/** Undefined where the file gives no example of what a request must have, or one that a request cannot have. */
function exampleArgs(
  resource: Resource,
  schemas: Readonly<Record<string, JsonSchema>>,
  nulls: boolean,
): Record<string, unknown> | undefined {
  const { parameters, body } = resource;
  const given = parameters.filter(({ example }) => example !== undefined);
  if (given.length === 0 && body?.example === undefined) return undefined;
  if (body?.required && body.example === undefined) return undefined;
  // A row has everything in one place.
  const inBody = parameters.map((parameter): Parameter => ({ ...parameter, in: "body" }));
  const named = Object.fromEntries(given.map(({ name, example }) => [name, example]));
  const example = body?.example;
  const isObject = typeof example === "object" && example !== null && !Array.isArray(example);
  if (body && given.length > 0 && !isObject) return undefined;
  const json = isObject ? { ...example, ...named } : body ? example : named;
  const validate = compileResource({ ...resource, parameters: inBody }, { schemas, nulls });
  const outcome = validate({ query: [], path: {}, body: { json } });
  return outcome.faults ? undefined : outcome.args;
}
