import type { Resource } from "../../definition.ts";
import { checkExample } from "../file/check-example.ts";
import { isJson } from "../file/media-types.ts";
import type { Entry, Value } from "../file/value.ts";
import { type OpenApiContext, readExample } from "./context.ts";
import { keyTables } from "./keys.ts";

type Result = NonNullable<Resource["result"]>;

/**
 * Reads what an operation's responses say of the result: those of success, as JSON. The others are for people.
 *
 * @param value The mapping below `responses`.
 * @param where What it belongs to, for messages.
 * @param context The whole file.
 *
 * @returns What is known of the result, if anything is.
 */
export function readResult(value: Value, where: string, context: OpenApiContext): Result | undefined {
  if (value.kind !== "map") {
    context.problems.add(value.at, `${where} responses: expected a mapping from status to response`);
    return undefined;
  }
  for (const { key, at } of value.entries) {
    if (/^([1-5](\d\d|XX)|default)$/.test(key) || key.startsWith("x-")) continue;
    context.problems.add(at, `${where} responses: found ${key}, expected a status such as "200", 2XX or default`);
  }
  const success = successOf(value.entries);
  if (!success) return undefined;
  const at = `${where} responses ${success.key}`;
  const response = context.fields(context.resolve(success.value, at), at, keyTables.response);
  const description = response.text("description");
  const content = response.value("content");
  const media = content?.kind === "map" ? content.entries : [];
  for (const entry of media) {
    if (isJson(entry.key)) continue;
    context.problems.warn(entry.at, `${at} ${entry.key}`, `${at}: ${entry.key} is ignored: Launchpad answers in JSON`);
  }
  const json = media.find(({ key }) => isJson(key));
  const inside = json && context.fields(json.value, `${at} ${json.key}`, keyTables.mediaType);
  const schema = inside?.value("schema");
  const result: Result = {
    ...(description !== undefined && description !== "" && { description }),
    ...(schema && { schema: context.schema(schema, `${at} schema`) }),
    ...(inside && readExample(inside, context)),
  };
  checkExample(result.example, result.schema, success.at, at, context.schemas, context.problems);
  return Object.keys(result).length > 0 ? result : undefined;
}

function successOf(entries: readonly Entry[]): Entry | undefined {
  const of = (test: (key: string) => boolean) => entries.find(({ key }) => test(key));
  return (
    of((key) => key === "200") ??
    of((key) => /^2\d\d$/.test(key)) ??
    of((key) => key === "2XX") ??
    of((key) => key === "default")
  );
}
