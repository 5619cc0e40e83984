import type { JsonSchema } from "../../../schema/json-schema.ts";
import { pointerKey } from "../../../util/json-pointer.ts";
import { componentName, uniqueName } from "../../../util/unique-name.ts";
import { readYaml } from "../file/document.ts";
import { readJsonSchema } from "../file/json-schema.ts";
import type { Problems } from "../file/problems.ts";
import type { SchemaContext } from "../file/schema-context.ts";
import { entryOf, formatValue, isEmpty, plainOf, type ScalarValue, type Value } from "../file/value.ts";

/** The named schemas of a definition, which grow as files are read. */
export type NamedSchemas = Record<string, JsonSchema>;

/** Reads JSON Schemas that stand in a RAML file as text. */
export interface SchemaTexts {
  /**
   * Reads a schema. What it refers to within itself becomes a named schema of the definition.
   *
   * @param value JSON as text, or the same written as YAML.
   * @param where What it describes, for messages.
   */
  read(value: Value, where: string): JsonSchema;
}

/**
 * Creates a reader of JSON Schemas of drafts 3 and 4, as RAML files have them, and of later ones.
 *
 * @param schemas Gets what schemas refer to.
 * @param problems Gets what is wrong.
 * @param isTaken Tells which names belong to something else.
 *
 * @returns The reader.
 */
export function createSchemaTexts(
  schemas: NamedSchemas,
  problems: Problems,
  isTaken: (name: string) => boolean = () => false,
): SchemaTexts {
  /** The names of what was referred to: where it stands, to its name. */
  const names = new Map<Value, string>();

  const nameFor = (wanted: string) =>
    uniqueName(componentName(wanted) || "Schema", (name) => Object.hasOwn(schemas, name) || isTaken(name));
  const contextOf = (root: Value): SchemaContext => {
    const context: SchemaContext = {
      dialect: "draft-04",
      problems,
      reference(ref, where) {
        const target = targetOf(root, ref);
        if (target === undefined) {
          const expected = 'expected a place in the same schema such as "#/definitions/name"';
          problems.add(ref.at, `${where}: $ref: found ${formatValue(ref)}, ${expected}`);
          return {};
        }
        let name = names.get(target);
        if (name === undefined) {
          const title = entryOf(root, "title")?.value;
          const last = pointerKey(ref.text.split("/").at(-1) ?? "");
          name = nameFor(ref.text === "#" ? (title?.kind === "scalar" && title.text) || "Schema" : last);
          names.set(target, name);
          // It is there before it is read, so that it can refer to itself.
          schemas[name] = {};
          schemas[name] = readJsonSchema(target, `${where} ${ref.text}`, context);
        }
        return { $ref: `#/components/schemas/${name}` };
      },
    };
    return context;
  };

  return {
    read(value, where) {
      const root = readJson(value, where, problems);
      return root === undefined ? {} : readJsonSchema(root, where, contextOf(root));
    },
  };
}

/** JSON as text becomes a value with lines. */
function readJson(value: Value, where: string, problems: Problems): Value | undefined {
  if (value.kind !== "scalar" || typeof value.value !== "string") return isEmpty(value) ? undefined : value;
  if (!isJsonText(value)) {
    const xml = value.text.trimStart().startsWith("<");
    problems.add(
      value.at,
      `${where}: expected a JSON Schema, as text or as a mapping, found ${xml ? "XML" : formatValue(value)}`,
    );
    return undefined;
  }
  return readYaml(value.text, { file: value.at.file, before: (value.firstLine ?? value.at.line) - 1 }, problems);
}

/** Whether a value is JSON as text. */
function isJsonText({ text }: ScalarValue): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads an example or a default.
 *
 * @param value JSON as text, or the same written as YAML.
 *
 * @returns What it is; text that is no JSON is text.
 */
export function readExample(value: Value): unknown {
  if (value.kind !== "scalar" || typeof value.value !== "string" || !/^\s*[[{]/.test(value.text)) return plainOf(value);
  return isJsonText(value) ? JSON.parse(value.text) : value.text;
}

function targetOf(root: Value, { text }: ScalarValue): Value | undefined {
  if (text === "#" || text === "#/") return root;
  if (!text.startsWith("#/")) return undefined;
  let found: Value | undefined = root;
  for (const key of text.slice(2).split("/").map(pointerKey)) {
    found = found?.kind === "list" ? found.items[Number(key)] : entryOf(found, key)?.value;
  }
  return found;
}
