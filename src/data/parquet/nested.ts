import { bytesToHex } from "@noble/hashes/utils.js";
import type { SchemaElement, SchemaTree } from "hyparquet";
import { uniqueNames } from "../frame/column-names.ts";
import { entriesOf, isList } from "./groups.ts";
import { decimalText, digitsOf, scaleOf, timeText, utf8Text } from "./scalars.ts";

/** Writes a value as JSON; undefined for text that is no UTF-8. */
type ToJson = (value: unknown) => string | undefined;

/** A number of more digits is not the same again in a program that reads it. */
const exactDigits = 15;

/**
 * Writer of the values of a nested column as JSON. Maps are objects, whose keys are the texts of the values that
 * pyarrow's `to_pylist` gives; dates are ISO 8601, in UTC where they have a time; bytes that are not said to be text are
 * hexadecimal; numbers that JSON would round are text.
 *
 * @param tree The column, as the file describes it.
 *
 * @returns The writer; undefined for text that is no UTF-8.
 */
export function nestedJson(tree: SchemaTree): ToJson {
  const one = oneOf(tree);
  return tree.element.repetition_type === "REPEATED" ? listOf(one) : orNull(one);
}

/** An element by itself, whether it is repeated or not. */
function oneOf(tree: SchemaTree): ToJson {
  const { element, children } = tree;
  if (element.logical_type?.type === "VARIANT") return (value) => JSON.stringify(value, variant);
  if (children.length === 0) return scalarJson(element);
  const entries = entriesOf(tree);
  if (entries !== undefined) return mapJson(entries);
  const [only] = children;
  if (isList(element) && children.length === 1 && only?.element.repetition_type === "REPEATED") {
    // As the parser sees them: a group of one is only there to be repeated, one of several is what the list holds.
    const [inner] = only.children;
    if (only.children.length === 1 && inner !== undefined) return listOf(nestedJson(inner));
    if (only.children.length === 0) return listOf(orNull(oneOf(only)));
    const list = listOf(orNull(oneOf(only)));
    return (value) => list(fieldOf(value, 0));
  }
  return structJson(children);
}

function structJson(children: readonly SchemaTree[]): ToJson {
  const names = uniqueNames(children.map(({ element }) => element.name));
  const fields = children.map((child, at) => ({ at, name: JSON.stringify(names[at]), json: nestedJson(child) }));
  return (value) =>
    joined(
      fields,
      ({ at, name, json }) => {
        const text = json(fieldOf(value, at));
        return text === undefined ? undefined : `${name}:${text}`;
      },
      "{",
      "}",
    );
}

function mapJson({ children }: SchemaTree): ToJson {
  const [key, value] = children;
  const keyJson = key ? nestedJson(key) : () => "null";
  const valueJson = value ? nestedJson(value) : () => "null";
  return (map) =>
    joined(
      (fieldOf(map, 0) ?? []) as readonly unknown[],
      (entry) => {
        const [name, text] = [keyJson(fieldOf(entry, 0)), valueJson(fieldOf(entry, 1))];
        if (name === undefined || text === undefined) return undefined;
        return `${name.startsWith('"') ? name : JSON.stringify(name)}:${text}`;
      },
      "{",
      "}",
    );
}

function listOf(one: ToJson): ToJson {
  return (value) =>
    value === null || value === undefined ? "null" : joined(value as readonly unknown[], one, "[", "]");
}

function orNull(one: ToJson): ToJson {
  return (value) => (value === null || value === undefined ? "null" : one(value));
}

function joined<T>(items: readonly T[], one: (item: T) => string | undefined, open: string, close: string) {
  const texts: string[] = [];
  for (const item of items) {
    const text = one(item);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return `${open}${texts.join(",")}${close}`;
}

/** The names that the parser knows are those of positions. */
function fieldOf(value: unknown, at: number): unknown {
  return (value as Readonly<Record<string, unknown>> | null | undefined)?.[`c${at}`];
}

function scalarJson(element: SchemaElement): ToJson {
  const type = element.logical_type?.type ?? element.converted_type ?? "";
  if (type === "DECIMAL") {
    const scale = scaleOf(element);
    return (value) => numberJson(decimalText(value as number | bigint | Uint8Array, scale));
  }
  if (type === "DATE") return (value) => JSON.stringify((value as Date).toISOString().slice(0, 10));
  if (type.startsWith("TIME") && !type.startsWith("TIMESTAMP")) {
    const digits = digitsOf(element);
    return (value) => JSON.stringify(timeText(value as number | bigint, digits));
  }
  const isText = ["STRING", "UTF8", "ENUM", "JSON"].includes(type);
  return (value) => {
    if (value instanceof Uint8Array) {
      const text = isText ? utf8Text(value) : bytesToHex(value);
      return text === undefined ? undefined : JSON.stringify(text);
    }
    if (value instanceof Date) return JSON.stringify(value.toISOString());
    if (typeof value === "bigint") return numberJson(String(value));
    if (typeof value === "number" && !Number.isFinite(value)) {
      // JSON has neither: what is no number is missing, as in a column, and an infinity must not become that.
      return Number.isNaN(value) ? "null" : JSON.stringify(String(value));
    }
    return JSON.stringify(value) ?? "null";
  };
}

function numberJson(text: string): string {
  const digits = text.replace(/[-.]/g, "").replace(/^0+/, "");
  const safe = text.includes(".") ? digits.length <= exactDigits : Number.isSafeInteger(Number(text));
  return safe ? text : JSON.stringify(text);
}

function variant(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value instanceof Uint8Array ? bytesToHex(value) : value;
}
