import type { Json } from "../../util/json.ts";

/** What a schema takes, as plain JSON: so much of it as can be compared with another one. */
export interface Structure {
  /** The type as valibot calls it; choices (`picklist`, `enum`, `literal`) are all `choice`. */
  readonly type: string;
  /** Whether it can be left out. */
  readonly optional?: true;
  readonly nullable?: true;
  /** Of an object. */
  readonly entries?: Readonly<Record<string, Structure>>;
  /** Whether an object takes no other keys. */
  readonly closed?: true;
  /** Of an array. */
  readonly item?: Structure;
  /** Of a union. */
  readonly options?: readonly Structure[];
  /** Of a choice. */
  readonly choices?: readonly Json[];
  /** The bounds of numbers and lengths. */
  readonly bounds?: Readonly<Record<string, number>>;
  /** Whatever else a value must be: `email`, `integer`, `multiple_of 5`. */
  readonly rules?: readonly string[];
}

/** A schema or a step of a pipe: valibot's are plain objects. */
interface Part {
  readonly [key: string]: unknown;
}

type Wrapper = Readonly<Partial<Record<"optional" | "nullable", true>>>;

/** The schemas that are another one, and what they let in besides. */
const wrappers: Readonly<Record<string, Wrapper>> = {
  optional: { optional: true },
  exact_optional: { optional: true },
  undefinedable: { optional: true },
  nullable: { nullable: true },
  nullish: { optional: true, nullable: true },
  non_optional: {},
};

/** The steps of a pipe that compare with a number. */
const bounds = new Set(["min_value", "max_value", "min_length", "max_length"]);

/** Steps whose condition is code. */
const opaque = /check/;

/** What a schema of each type holds. */
const readers: Readonly<Record<string, (schema: Part) => Partial<Structure>>> = {
  object: (schema) => entriesOf(schema),
  loose_object: (schema) => entriesOf(schema),
  object_with_rest: (schema) => entriesOf(schema),
  strict_object: (schema) => ({ ...entriesOf(schema), closed: true }),
  array: ({ item }) => ({ item: structureOf(item) }),
  union: (schema) => optionsOf(schema),
  variant: (schema) => optionsOf(schema),
  picklist: ({ options }) => choicesOf(options),
  enum: ({ options }) => choicesOf(options),
  literal: ({ literal }) => choicesOf([literal]),
};

/** One name for what is the same to a caller. */
const names: Readonly<Record<string, string>> = {
  loose_object: "object",
  object_with_rest: "object",
  strict_object: "object",
  variant: "union",
  picklist: "choice",
  enum: "choice",
  literal: "choice",
};

/**
 * Creates the structure of a schema.
 *
 * @param schema A schema of valibot.
 *
 * @returns What it takes; what it makes of that, and conditions that are code, are left out.
 */
export function structureOf(schema: unknown): Structure {
  if (!isPart(schema) || typeof schema.type !== "string") return { type: "unknown" };
  const { type } = schema;
  if (Object.hasOwn(wrappers, type)) return { ...structureOf(schema.wrapped), ...wrappers[type] };
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  const name = Object.hasOwn(names, type) ? names[type] : undefined;
  return { type: name ?? type, ...read?.(schema), ...stepsOf(schema.pipe) };
}

/** The conditions on what comes in: those after a transformation are on something else. */
function stepsOf(pipe: unknown): Partial<Structure> {
  const steps = Array.isArray(pipe) ? pipe.slice(1).filter(isPart) : [];
  const end = steps.findIndex(({ kind }) => kind === "transformation" || kind === "schema");
  const conditions = (end < 0 ? steps : steps.slice(0, end)).filter(({ kind }) => kind === "validation");
  const found: Record<string, number> = {};
  const rules: string[] = [];
  for (const { type, requirement } of conditions) {
    if (typeof type !== "string" || opaque.test(type)) continue;
    if (bounds.has(type) && typeof requirement === "number") found[type] = requirement;
    else rules.push(ruleOf(type, requirement));
  }
  return {
    ...(Object.keys(found).length > 0 && { bounds: found }),
    ...(rules.length > 0 && { rules }),
  };
}

function ruleOf(type: string, requirement: unknown): string {
  const isPlain = ["number", "string", "boolean", "bigint"].includes(typeof requirement);
  // A format such as email has its pattern as requirement: the name says it.
  if (isPlain || type === "regex") return `${type} ${requirement}`;
  return type;
}

function entriesOf({ entries }: Part): Partial<Structure> {
  const parts = isPart(entries) ? Object.entries(entries) : [];
  return { entries: Object.fromEntries(parts.map(([key, entry]) => [key, structureOf(entry)])) };
}

function optionsOf({ options }: Part): Partial<Structure> {
  return { options: Array.isArray(options) ? options.map(structureOf) : [] };
}

function choicesOf(given: unknown): Partial<Structure> {
  const choices = Array.isArray(given) ? given : [];
  return { choices: choices.map((choice) => (isJson(choice) ? choice : String(choice))) };
}

function isJson(value: unknown): value is string | number | boolean | null {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null;
}
