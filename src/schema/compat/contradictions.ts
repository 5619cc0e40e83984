import { refused } from "../check.ts";
import { compileSchema } from "../compile.ts";
import { listed, shown } from "../scalars.ts";
import type { Keywords } from "../schema-error.ts";
import { isRecord } from "../types.ts";
import { alternativesOf } from "./alternatives.ts";

/** Something that a schema says and no value, or not every one that is listed, can keep. */
export interface Contradiction {
  /** The keyword that says it. */
  readonly keyword: string;
  readonly message: string;
  /** Whether no value at all fits the schema; else only one of its choices is said in vain. */
  readonly fatal: boolean;
}

const bounds = [
  ["minimum", "maximum", false],
  ["exclusiveMinimum", "maximum", true],
  ["minimum", "exclusiveMaximum", true],
  ["exclusiveMinimum", "exclusiveMaximum", true],
  ["minLength", "maxLength", false],
  ["minItems", "maxItems", false],
  ["minContains", "maxContains", false],
  ["minProperties", "maxProperties", false],
] as const;

/**
 * Finds what no value can keep: a lower bound above the upper one, choices of another type, a property that is required and
 * cannot be.
 *
 * @param schema What a schema says, without what its references mean.
 *
 * @returns Each contradiction, and what to say of it.
 */
export function contradictionsIn(schema: Keywords): readonly Contradiction[] {
  const found = [...crossed(schema), ...impossibleNames(schema)];
  if (found.length > 0) return found;
  const choices = unfitChoices(schema);
  if (choices.length > 0) return choices;
  if (!Array.isArray(schema.allOf) || alternativesOf(schema, () => undefined)?.length !== 0) return [];
  return [
    { keyword: "allOf", message: "found parts of different types, expected parts that one value fits", fatal: true },
  ];
}

function crossed(schema: Keywords): readonly Contradiction[] {
  return bounds.flatMap(([low, high, open]) => {
    const [least, most] = [schema[low], schema[high]];
    if (typeof least !== "number" || typeof most !== "number" || least < most || (least === most && !open)) return [];
    const relation = least === most ? "is not below" : "is above";
    return [{ keyword: low, message: `${least} ${relation} ${high} ${most}: no value fits both`, fatal: true }];
  });
}

function impossibleNames({
  required,
  properties,
  additionalProperties,
  patternProperties,
}: Keywords): readonly Contradiction[] {
  if (additionalProperties !== false || !Array.isArray(required) || isRecord(patternProperties)) return [];
  const named = isRecord(properties) ? properties : {};
  return required
    .filter((name) => typeof name === "string" && !Object.hasOwn(named, name))
    .map((name) => ({
      keyword: "required",
      message: `${name} is no property, and additionalProperties is false: expected it below properties`,
      fatal: true,
    }));
}

function unfitChoices(schema: Keywords): readonly Contradiction[] {
  const keyword = "const" in schema ? "const" : "enum";
  const choices = "const" in schema ? [schema.const] : schema.enum;
  if (!Array.isArray(choices) || choices.length === 0) return [];
  const { enum: _, const: __, $ref: ___, allOf: _4, anyOf: _5, oneOf: _6, not: _7, ...rest } = schema;
  let check: ReturnType<typeof compileSchema>;
  try {
    check = compileSchema(rest);
  } catch {
    // What is wrong with the schema is told when it is used.
    return [];
  }
  const run = { quiet: 1, full: true, report() {} };
  const unfit = choices.filter((choice) => check(choice, { key: "" }, run) === refused);
  if (unfit.length === 0) return [];
  const fatal = unfit.length === choices.length;
  const type = [schema.type].flat().filter(Boolean).join(" or ");
  const hint =
    type === "string" && unfit.every((choice) => typeof choice !== "string")
      ? ". Write quotation marks around them"
      : "";
  return [
    {
      keyword,
      fatal,
      message: `found ${listed(unfit.map((choice) => (typeof choice === "string" ? JSON.stringify(choice) : shown(choice))))}, expected ${
        type ? `values of type ${type} within its bounds` : "values within its bounds"
      }: no request can have ${fatal && choices.length > 1 ? "any of them" : "it"}${hint}`,
    },
  ];
}
