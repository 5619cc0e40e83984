import { collecting, refused } from "../../../schema/check.ts";
import { compileSchema } from "../../../schema/compile.ts";
import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { Schemas } from "../../parameter-from-schema.ts";
import type { Described } from "./media-types.ts";
import type { Problems } from "./problems.ts";
import type { SourcePosition } from "./value.ts";

/** A value as its schema makes it, or what was expected. */
export type Fitted = { readonly value: unknown; readonly expected?: never } | { readonly expected: readonly string[] };

/**
 * Checks a value that a file gives, a default or an example.
 *
 * @param value The value.
 * @param schema What it must be.
 * @param schemas What references mean.
 * @param reading Whether text may stand for a value of another type, as in a request.
 *
 * @returns The value, or everything that was expected and is not so.
 */
export function fittingExample(
  value: unknown,
  schema: JsonSchema,
  schemas: Schemas,
  reading: "json" | "argument",
): Fitted {
  let check: ReturnType<typeof compileSchema>;
  try {
    check = compileSchema(schema, { schemas, reading });
  } catch {
    // What is wrong with the schema is told when the API is made of it.
    return { value };
  }
  const { run, faults } = collecting((name, message) => (name === "" ? message : `${name}: ${message}`));
  const result = check(value, { key: "" }, run);
  return result === refused ? { expected: faults } : { value: result };
}

/**
 * Checks the default and the example of a parameter. A default that does not fit would reach the model; an example
 * only misleads.
 *
 * @param described The parameter, and where it stands.
 * @param where The parameter, for messages.
 * @param schemas What references mean.
 * @param problems Gets a problem for the default, a warning for the example.
 */
export function checkParameter(
  { parameter, at }: Described,
  where: string,
  schemas: Schemas,
  problems: Problems,
): void {
  const { schema, example, file } = parameter;
  if (file) return;
  const fallback = typeof schema === "object" ? schema.default : undefined;
  if (fallback !== undefined) {
    const { expected } = fittingExample(fallback, schema, schemas, "json");
    if (expected) problems.add(at, `${where}: default: ${expected.join(", ")}, found ${shown(fallback)}`);
  }
  checkExample(example, schema, at, where, schemas, problems);
}

/**
 * Warns of an example that its schema refuses.
 *
 * @param example The example; undefined if there is none.
 * @param schema What it is an example of.
 * @param at Where it stands.
 * @param where What it belongs to, for messages.
 * @param schemas What references mean.
 * @param problems Gets the warning.
 */
export function checkExample(
  example: unknown,
  schema: JsonSchema | undefined,
  at: SourcePosition,
  where: string,
  schemas: Schemas,
  problems: Problems,
): void {
  if (example === undefined || schema === undefined) return;
  const { expected } = fittingExample(example, schema, schemas, "json");
  if (!expected) return;
  problems.warn(
    at,
    `example ${where}`,
    `${where}: the example does not fit: ${expected.join(", ")}, found ${shown(example)}`,
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
