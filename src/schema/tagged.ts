import { isOneOf } from "../util/is-one-of.ts";
import type { Scope } from "./compile-context.ts";
import type { JsonSchema } from "./json-schema.ts";
import { listed, shown } from "./scalars.ts";
import type { Keywords } from "./schema-error.ts";
import { isRecord } from "./types.ts";

/** What the tag of a value says. */
export interface Tag {
  /** The property that is the tag. */
  readonly name: string;
  /** Which alternative it chooses; undefined if none. */
  readonly index?: number;
  /** What is expected of it where it chooses none. */
  readonly expected: string;
}

/**
 * Finds the property whose value chooses one of several alternatives: the `discriminator` of OpenAPI, or one that each of
 * them fixes to other values. It says which alternative a message is about, and not what is valid.
 *
 * @param schema The schema that has the alternatives.
 * @param alternatives The alternatives.
 * @param scope What compiles them.
 *
 * @returns A function from a value to what its tag says; undefined where there is no tag.
 */
export function tagsOf(
  schema: Keywords,
  alternatives: readonly JsonSchema[],
  scope: Scope,
): (value: Readonly<Record<string, unknown>>) => Tag | undefined {
  const ends = alternatives.map((one) => scope.resolved(one));
  const discriminator = isRecord(schema.discriminator) ? schema.discriminator : {};
  const name = typeof discriminator.propertyName === "string" ? discriminator.propertyName : commonTag(ends);
  if (name === undefined) return () => undefined;
  const mapping = isRecord(discriminator.mapping) ? Object.entries(discriminator.mapping) : [];
  const names = alternatives.map((one, index): readonly unknown[] => {
    const ref = typeof one === "object" && typeof one.$ref === "string" ? one.$ref : undefined;
    const own = ref?.slice(ref.lastIndexOf("/") + 1);
    const mapped = mapping.filter(([, to]) => ref !== undefined && (to === ref || to === own)).map(([from]) => from);
    const fixed = choicesIn(ends[index] ?? true, name) ?? [];
    return mapped.length > 0 || fixed.length > 0 ? [...mapped, ...fixed] : own === undefined ? [] : [own];
  });
  const tests = names.map(isOneOf);
  const expected = `expected one of ${listed([...new Set(names.flat())].map(shown))}`;
  return (value) => {
    if (!Object.hasOwn(value, name)) return { name, expected: `required: ${expected}` };
    const index = tests.findIndex((test) => test(value[name]));
    return index < 0 ? { name, expected } : { name, index, expected };
  };
}

/** A property that each alternative fixes, and none to a value of another one. */
function commonTag(alternatives: readonly JsonSchema[]): string | undefined {
  const [first] = alternatives;
  if (typeof first !== "object" || !isRecord(first.properties)) return undefined;
  return Object.keys(first.properties).find((name) => {
    const choices = alternatives.map((one) => choicesIn(one, name));
    const all = choices.flat();
    return choices.every((one) => one !== undefined) && new Set(all).size === all.length;
  });
}

function choicesIn(schema: JsonSchema, name: string): readonly unknown[] | undefined {
  if (typeof schema !== "object") return undefined;
  const own =
    isRecord(schema.properties) && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  if (!isRecord(own)) {
    const parts = Array.isArray(schema.allOf) ? (schema.allOf as JsonSchema[]) : [];
    return parts.map((part) => choicesIn(part, name)).find((choices) => choices !== undefined);
  }
  return Array.isArray(own.enum) ? own.enum : "const" in own ? [own.const] : undefined;
}
