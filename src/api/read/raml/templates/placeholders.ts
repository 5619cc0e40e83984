import { didYouMean, enumerate } from "../../../../util/suggest.ts";
import type { Problems } from "../../file/problems.ts";
import type { Entry, SourcePosition, Value } from "../../file/value.ts";
import { textFunctions } from "./inflection.ts";

/** What is written for the placeholders of a trait or resource type. */
export interface Given {
  /** As in "trait paged", for messages. */
  readonly what: string;
  /** Where it is used. */
  readonly at: SourcePosition;
  readonly values: ReadonlyMap<string, Value>;
}

const placeholder = /<<\s*([^<>|]{1,200}?)\s*((?:\|\s*![A-Za-z]+\s*)*)>>/g;

/**
 * Creates a value with what is given in the places of its placeholders, `<<name>>` and `<<name | !singularize>>`.
 *
 * @param value A trait or resource type.
 * @param given What is given.
 * @param problems Gets what is not given, and functions that there are not.
 *
 * @returns The value without placeholders.
 */
export function filled(value: Value, given: Given, problems: Problems): Value {
  const used = new Set<string>();
  const resolve = (name: string, functions: string): Value | undefined => {
    used.add(name);
    const found = given.values.get(name);
    if (found === undefined) {
      problems.add(given.at, `${given.what}: needs a value for <<${name}>>: expected { ${name}: ... } after its name`);
      return undefined;
    }
    const calls = [...functions.matchAll(/!([A-Za-z]+)/g)].map(([, call = ""]) => call);
    if (calls.length === 0 || found.kind !== "scalar") return found;
    let { text } = found;
    for (const call of calls) {
      const apply = Object.hasOwn(textFunctions, call) ? textFunctions[call] : undefined;
      if (apply) text = apply(text);
      else {
        const names = Object.keys(textFunctions);
        const hint = didYouMean(call, names);
        problems.add(value.at, `${given.what}: there is no function !${call}: expected ${enumerate(names)}.${hint}`);
      }
    }
    return { kind: "scalar", at: found.at, value: text, text };
  };
  const textOf = (text: string, at: SourcePosition): string =>
    text.replace(placeholder, (_, name: string, functions: string) => {
      const found = resolve(name, functions);
      if (found === undefined || found.kind === "scalar") return found?.text ?? "";
      problems.add(at, `${given.what}: <<${name}>> stands in a text, and what is given for it is none`);
      return "";
    });

  const fill = (one: Value): Value => {
    if (one.kind === "list") return { ...one, items: one.items.map(fill) };
    if (one.kind === "map") {
      return {
        ...one,
        entries: one.entries.map(
          (entry): Entry => ({ ...entry, key: textOf(entry.key, entry.at), value: fill(entry.value) }),
        ),
      };
    }
    if (typeof one.value !== "string" || !one.text.includes("<<")) return one;
    // What stands alone keeps its type: a number stays a number.
    const [whole, name = "", functions = ""] = [...one.text.trim().matchAll(placeholder)][0] ?? [];
    if (whole === one.text.trim()) return resolve(name, functions) ?? one;
    const text = textOf(one.text, one.at);
    return { ...one, value: text, text };
  };

  const result = fill(value);
  const names = [...given.values.keys()].filter((name) => !reserved.has(name));
  for (const name of names) {
    if (used.has(name)) continue;
    const at = given.values.get(name)?.at ?? given.at;
    problems.warn(at, `${given.what} ${name}`, `${given.what}: ${name} is ignored: there is no <<${name}>> in it`);
  }
  return result;
}

/** What every trait and resource type is given. */
const reserved = new Set(["resourcePath", "resourcePathName", "methodName"]);
