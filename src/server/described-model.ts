import { breakingChanges, resultAt } from "../api/compat/breaking.ts";
import { type ApiDefinition, openDefinition } from "../api/definition.ts";
import { definitionOf } from "../api/read/from-model.ts";
import type { ApiConfig } from "../config/types.ts";
import { toPlain } from "../data/to-json.ts";
import type { Contract } from "../lifecycle/context.ts";
import type { Model } from "../model/define.ts";
import type { Json } from "../util/json.ts";

/** What an API offers, and whether its results are those of the model's own schema. */
interface Described {
  readonly definition: ApiDefinition;
  readonly resultIsChecked: boolean;
}

/**
 * Describes the API of a model where no file does.
 *
 * @param model The model.
 * @param api The names of the API and of its resource.
 * @param version The version of the API.
 *
 * @returns What its input and output say.
 */
export async function describedByModel(
  { input, output }: Model,
  { name, resource }: Pick<ApiConfig, "name" | "resource">,
  version: string,
): Promise<ApiDefinition> {
  if (input === undefined && output === undefined) return openDefinition(name, version, resource);
  return definitionOf({ input, output, title: name, version, resource });
}

/**
 * Description of an API that the lifecycle compares, which it does not know.
 *
 * @param described What the API offers.
 *
 * @returns The contract.
 */
export function contractOf({ definition, resultIsChecked }: Described): Contract {
  const [resource] = definition.resources;
  return {
    definition: toPlain(definition) as Json,
    breaks: (before) => breakingChanges(before, definition),
    output: resultIsChecked && resource ? resultAt(resource) : undefined,
    inputs: (resource?.parameters ?? []).map(({ name, required, schema }) => ({
      name,
      required,
      isText: typeof schema === "object" && schema.type === "string",
    })),
  };
}
