import { anyOf } from "../../../schema/any-of.ts";
import type { JsonSchema } from "../../../schema/json-schema.ts";
import { isPattern } from "../../../schema/pattern.ts";
import type { Keywords } from "../../../schema/schema-error.ts";
import { didYouMean } from "../../../util/suggest.ts";
import { componentName } from "../../../util/unique-name.ts";
import { checkContradictions } from "../file/contradictions.ts";
import { entriesOf, type Fields, flag, present } from "../file/fields.ts";
import type { Problems } from "../file/problems.ts";
import { type Entry, entryOf, formatValue, isEmpty, type SourcePosition, type Value } from "../file/value.ts";
import { fieldsOf } from "./context.ts";
import { type Expression, parseExpression } from "./expression.ts";
import { builtIn, type Kind, plainFor, readFacets } from "./facets.ts";
import { isAnnotation, typeKeys } from "./keys.ts";
import { guess, hasInside, kindOf } from "./kinds.ts";
import { asObject, joined, objectOf, type Property } from "./object-types.ts";
import type { NamedSchemas, SchemaTexts } from "./schema-text.ts";
import { exampleOf } from "./type-example.ts";

/** The types of a RAML 1.0 file. */
export interface Types {
  /**
   * Reads a type declaration: the name of a type, an expression, facets, or a JSON Schema as text.
   *
   * @param value The declaration.
   * @param where What it describes, for messages.
   * @param silent What it is if it says nothing: `string`, or `any` for a body.
   */
  read(value: Value, where: string, silent?: "string" | "any"): JsonSchema;
  /** Reads the properties of an object, or named parameters, which are written alike. */
  properties(value: Value, where: string): Property[];
  /** Finds everything that a type says, by its name. */
  whole(name: string, at: SourcePosition, where: string): Keywords;
  /** Finds what stands for a type, by its name: a reference, if it has an inside. */
  refer(name: string, at: SourcePosition, where: string): Keywords;
}

/** What the names of types mean. */
export interface TypeScope {
  /** What is below `types`, by name. */
  readonly declared: ReadonlyMap<string, Entry>;
  /** The types of the libraries that are used, by their names here. */
  readonly libraries: ReadonlyMap<string, Types>;
  /** What the names of a library's types begin with in the definition. */
  readonly prefix: string;
}

/**
 * Creates the reader of a file's types.
 *
 * @param scope What names mean.
 * @param texts Reads JSON Schemas.
 * @param schemas Gets the types that are referred to.
 * @param problems Gets what is wrong.
 *
 * @returns The reader.
 */
export function createTypes(
  { declared, libraries, prefix }: TypeScope,
  texts: SchemaTexts,
  schemas: NamedSchemas,
  problems: Problems,
): Types {
  const known = new Map<string, Keywords>();
  /** Types that are being read, with whether they refer to themselves. */
  const open = new Map<string, { referred: boolean }>();
  const keyOf = (name: string) => componentName(prefix + name);

  /** `lib.Name` is the type of a library. */
  const inLibrary = (name: string): { readonly library: Types; readonly inside: string } | undefined => {
    const dot = name.indexOf(".");
    const library = dot > 0 ? libraries.get(name.slice(0, dot)) : undefined;
    return library && { library, inside: name.slice(dot + 1) };
  };

  /** Everything that a named type says. */
  const whole = (name: string, at: SourcePosition, where: string): Keywords => {
    const found = known.get(name);
    if (found) return found;
    const entry = declared.get(name);
    const used = entry ? undefined : inLibrary(name);
    if (used) return used.library.whole(used.inside, at, where);
    if (entry === undefined) {
      const names = [...Object.keys(builtIn), ...declared.keys()];
      problems.add(
        at,
        `${where}: type: there is no type ${name}: expected one of RAML 1.0 or of those below types.${didYouMean(name, names)}`,
      );
      return {};
    }
    if (open.has(name)) {
      problems.add(at, `${where}: type: ${[...open.keys(), name].join(" -> ")}: a type cannot be made of itself`);
      return {};
    }
    const state = { referred: false };
    open.set(name, state);
    const schema = asObject(read(entry.value, `types ${prefix}${name}`));
    open.delete(name);
    known.set(name, schema);
    if (state.referred) schemas[keyOf(name)] = schema;
    return schema;
  };

  /** What stands for a named type: a reference to one that has an inside, else what it says. */
  const refer = (name: string, at: SourcePosition, where: string): Keywords => {
    const one = builtIn[name];
    if (Object.hasOwn(builtIn, name) && one) return one.schema;
    const used = declared.has(name) ? undefined : inLibrary(name);
    if (used) return used.library.refer(used.inside, at, where);
    const state = open.get(name);
    if (state) state.referred = true;
    else {
      const schema = whole(name, at, where);
      if (!hasInside(schema)) return schema;
      schemas[keyOf(name)] = schema;
    }
    return { $ref: `#/components/schemas/${keyOf(name)}` };
  };

  const ofExpression = (expression: Expression, at: SourcePosition, where: string): Keywords => {
    if (expression.kind === "name") return refer(expression.name, at, where);
    if (expression.kind === "array") return { type: "array", items: ofExpression(expression.items, at, where) };
    return anyOf(expression.options.map((option) => ofExpression(option, at, where)));
  };

  /** What a type is made of, to be read with further facets. */
  const base = (value: Value, where: string): Keywords => {
    if (value.kind === "list") {
      return value.items.map((item) => base(item, where)).reduce((a, b) => inherited(a, b, value.at, where), {});
    }
    if (value.kind === "map") return asObject(read(value, where));
    const { text } = value;
    if (isSchemaText(text)) return asObject(texts.read(value, where));
    const expression = parseExpression(text);
    if (expression === undefined) {
      problems.add(
        value.at,
        `${where}: type: found ${formatValue(value)}, expected a type such as string, Name[] or (string | number)[]`,
      );
      return {};
    }
    if (expression.kind !== "name" || Object.hasOwn(builtIn, expression.name)) {
      return ofExpression(expression, value.at, where);
    }
    return flat(whole(expression.name, value.at, where));
  };

  /** What a type hands on: not what it says of itself to people. */
  const flat = (type: Keywords): Keywords => {
    const { title: _, description: __, examples: ___, $ref, ...rest } = type;
    const name = typeof $ref === "string" ? $ref.slice($ref.lastIndexOf("/") + 1) : undefined;
    const target = name === undefined ? undefined : schemas[name];
    return target === undefined ? rest : joined(flat(asObject(target)), rest);
  };

  const inherited = (a: Keywords, b: Keywords, at: SourcePosition, where: string): Keywords => {
    if (a.type !== undefined && b.type !== undefined && JSON.stringify(a.type) !== JSON.stringify(b.type)) {
      problems.add(at, `${where}: type: found types of ${a.type} and of ${b.type}, expected types of the same kind`);
    }
    return joined(a, b);
  };

  const read = (value: Value, where: string, silent: "string" | "any" = "string"): JsonSchema => {
    if (isEmpty(value)) return builtIn[silent]?.schema ?? {};
    if (value.kind === "scalar") {
      if (isSchemaText(value.text)) return texts.read(value, where);
      const expression = parseExpression(value.text);
      return expression ? ofExpression(expression, value.at, where) : base(value, where);
    }
    if (value.kind === "list") return base(value, where);
    const fields = fieldsOf(value, where, typeKeys, problems);
    const written = fields.value("type") ?? fields.value("schema");
    if (fields.value("type") && fields.value("schema"))
      fields.problem("schema", "is the same as type: keep one of them");
    const constrains = value.entries.some(({ key }) => !passive.has(key) && !isAnnotation(key));
    // Where nothing narrows it, what refers to a type stays a reference.
    const parent =
      written === undefined
        ? (builtIn[guess(fields, silent)]?.schema ?? {})
        : constrains
          ? base(written, where)
          : asObject(read(written, where, silent));
    const type = joined(parent, readOwn(fields, kindOf(parent, schemas), where));
    // What is inherited was told where it is declared.
    if (constrains) checkContradictions(type, value, where, problems);
    return { ...type, ...readAnnotations(fields) };
  };

  /** What a type says besides what it is made of. */
  const readOwn = (fields: Fields, kind: Kind, where: string): Keywords => {
    const own = readFacets(fields, kind, problems);
    const items = fields.value("items");
    if (items) own.items = read(items, `${where} items`);
    const properties = fields.value("properties");
    if (properties) Object.assign(own, objectOf(readProperties(properties, where)));
    const additional = fields.read("additionalProperties", flag);
    if (additional !== undefined) own.additionalProperties = additional;
    const given = fields.value("default");
    if (given) own.default = plainFor(given, kind);
    const example = exampleOf(fields, kind);
    if (example !== undefined) own.examples = [example];
    return own;
  };

  const readProperties = (value: Value, where: string): Property[] =>
    entriesOf(value, where, problems).map(({ key, at, value: declaration }) => {
      const explicit = entryOf(declaration, "required")?.value;
      const said = explicit?.kind === "scalar" && typeof explicit.value === "boolean" ? explicit.value : undefined;
      if (explicit && said === undefined) {
        problems.add(explicit.at, `${where} ${key}: required: expected true or false, found ${formatValue(explicit)}`);
      }
      const pattern = /^\/(.*)\/$/.exec(key)?.[1];
      // With `required`, a question mark is part of the name.
      const optional = said === undefined && pattern === undefined && key.endsWith("?");
      const name = pattern ?? (optional ? key.slice(0, -1) : key);
      if (pattern !== undefined && !isPattern(pattern)) {
        problems.add(at, `${where} ${key}: expected a regular expression of ECMAScript between two slashes`);
      }
      const required = pattern === undefined && (said ?? !optional);
      return { name, at, required, schema: read(declaration, `${where} ${name}`), isPattern: pattern !== undefined };
    });

  return { read, properties: readProperties, whole, refer };
}

/** Keys that do not say which values there are. */
const passive = new Set([
  ...["type", "schema", "displayName", "description", "example", "examples", "default", "required"],
  ...["facets", "xml", "discriminator", "discriminatorValue"],
]);

function readAnnotations(fields: Fields): Keywords {
  return present({ title: fields.text("displayName"), description: fields.text("description") });
}

function isSchemaText(text: string): boolean {
  return /^\s*[{<]/.test(text);
}
