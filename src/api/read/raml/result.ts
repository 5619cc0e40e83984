import type { Resource } from "../../definition.ts";
import { checkExample } from "../file/check-example.ts";
import { entriesOf, present } from "../file/fields.ts";
import type { Value } from "../file/value.ts";
import { readJsonContent } from "./body.ts";
import { fieldsOf, type RamlContext } from "./context.ts";
import { isAnnotation, keyTables } from "./keys.ts";

type Result = NonNullable<Resource["result"]>;

/**
 * Reads what a method's responses say of the result: schema and example of 200, or of another success. The others are
 * for people.
 *
 * @param value The mapping below `responses`.
 * @param where What it belongs to, for messages.
 * @param context The whole file.
 *
 * @returns What is known of the result, if anything is.
 */
export function readResult(value: Value, where: string, context: RamlContext): Result | undefined {
  const { problems, dialect } = context;
  const entries = entriesOf(value, where, problems).filter(({ key }) => !isAnnotation(key));
  for (const { key, at } of entries) {
    if (!/^[1-5]\d\d$/.test(key)) problems.add(at, `${where}: found ${key}, expected a status such as 200`);
  }
  const success = entries.find(({ key }) => key === "200") ?? entries.find(({ key }) => /^2\d\d$/.test(key));
  if (!success) return undefined;
  const at = `${where} ${success.key}`;
  const response = fieldsOf(success.value, at, keyTables[dialect.version].response, problems);
  const body = response.value("body");
  const { schema, example } = body ? readJsonContent(body, `${at} body`, context) : {};
  const result: Result = present({ description: response.text("description"), schema, example });
  checkExample(example, schema, success.at, at, context.schemas, problems);
  return Object.keys(result).length > 0 ? result : undefined;
}
