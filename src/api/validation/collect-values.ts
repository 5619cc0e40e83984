import type { Fault } from "../../errors.ts";
import { readJson } from "../../schema/json-limits.ts";
import { isRecord } from "../../schema/types.ts";
import { formDecoded, percentDecoded } from "../../util/percent.ts";
import { type Cutting, type Decode, deepNameOf, putDeep } from "../parameter-style.ts";
import type { ResourceInput } from "./input.ts";
import type { Argument } from "./parameter.ts";

/** One value as it was received. */
export interface Given {
  readonly in: Fault["in"];
  readonly raw: unknown;
  /** Whether it is an object that was put together from text. */
  readonly text?: boolean;
  /** Whether it is the whole list of a list parameter; there can be millions of values, so they are not given one by one. */
  readonly list?: boolean;
}

/** What a request carries, by what it belongs to. */
export interface Collected {
  /** The values of each parameter, in order of declaration. A parameter that is no list keeps the first. */
  readonly given: readonly (readonly Given[] | undefined)[];
  /** The values that belong to none, the first of each name. */
  readonly others: ReadonlyMap<string, Given>;
  /** The names that belong to one. */
  readonly names: { has(name: string): boolean };
}

/**
 * Collector of a request's values by parameter.
 *
 * @param compiled The parameters.
 * @param whole Whether a JSON body is described as a whole, so that its properties need not be parameters.
 *
 * @returns A function from a request to its values.
 */
export function createCollector(compiled: readonly Argument[], whole: boolean): (input: ResourceInput) => Collected {
  const positions = new Map<string, number>();
  const deep = new Map<string, number>();
  /** The properties of objects that are given one by one, without the object's name. */
  const properties = new Map<string, number>();
  const apart: number[] = [];
  for (const [position, { parameter, object, explode }] of compiled.entries()) {
    if (parameter.in === "path" || parameter.in === "header") {
      apart.push(position);
      continue;
    }
    positions.set(parameter.name, position);
    if (!object) continue;
    if (parameter.style === "deepObject") deep.set(parameter.name, position);
    else if (parameter.in === "query" && explode) {
      for (const name of propertiesOf(parameter.schema)) properties.set(name, position);
    }
  }
  for (const name of positions.keys()) properties.delete(name);

  const keep = ({ given }: Sorted, position: number, one: Given) => {
    const known = given[position];
    if (known === undefined || known.length === 0) given[position] = [one];
    else if (compiled[position]?.several !== "never") {
      const [first] = known;
      if (first?.list) given[position] = [...oneByOne(first), one];
      else known.push(one);
    }
  };
  const keepOther = ({ others }: Sorted, name: string, one: Given) => {
    if (!others.has(name)) others.set(name, one);
  };
  /** Puts text into an object that is given in parts. */
  const put = ({ given }: Sorted, position: number, keys: readonly string[], place: Given["in"], text: string) => {
    const known = given[position]?.[0] ?? { in: place, raw: Object.create(null), text: true };
    // An object that is given as a whole is complete.
    if (!known.text) return;
    given[position] = [known];
    putDeep(known.raw as Record<string, unknown>, keys, text);
  };
  const takeText = (sorted: Sorted, place: Given["in"], name: string, text: string, sent?: string) => {
    const position = positions.get(name);
    if (position !== undefined) {
      const argument = compiled[position];
      if (!argument || argument.plain) keep(sorted, position, { in: place, raw: text });
      else {
        // No value is one, too: the empty list.
        sorted.given[position] ??= [];
        const whole = { text, sent: sent ?? text, decode: sent === undefined ? asItIs : formDecoded };
        for (const one of valuesOf(argument, whole, place)) keep(sorted, position, one);
      }
      return;
    }
    const property = properties.get(name);
    if (property !== undefined) return put(sorted, property, [name], place, text);
    const inside = deep.size > 0 ? deepNameOf(name) : undefined;
    const holder = inside && deep.get(inside.name);
    if (inside && holder !== undefined && !isPoisoned(inside.keys))
      return put(sorted, holder, inside.keys, place, text);
    keepOther(sorted, name, { in: place, raw: text });
  };
  const takeFile = (sorted: Sorted, name: string, file: File) => {
    const position = positions.get(name);
    const one: Given = { in: "body", raw: file };
    if (position === undefined) keepOther(sorted, name, one);
    else keep(sorted, position, one);
  };
  const takeJson = (sorted: Sorted, name: string, raw: unknown) => {
    const position = positions.get(name);
    if (position === undefined) {
      if (!whole) keepOther(sorted, name, { in: "body", raw });
      return;
    }
    const argument = compiled[position];
    if (raw === null && !argument?.nullable) return;
    if (argument?.several === "always" && Array.isArray(raw)) {
      sorted.given[position] = raw.length > 0 ? [{ in: "body", raw, list: true }] : [];
    } else keep(sorted, position, { in: "body", raw });
  };

  return ({ query, path, headers, body }) => {
    const sorted: Sorted = { given: new Array(compiled.length).fill(undefined), others: new Map(), names: positions };
    if (body && "json" in body && isRecord(body.json)) {
      for (const name of Object.keys(body.json)) takeJson(sorted, name, body.json[name]);
    }
    for (const [name, text, sent] of query) takeText(sorted, "query", name, text, sent);
    if (body && "fields" in body) {
      for (const [name, value, sent] of body.fields) {
        if (typeof value === "string") takeText(sorted, "body", name, value, sent);
        // Without a name and bytes it is what a browser sends for a file that nobody chose.
        else if (value.name !== "" || value.size > 0) takeFile(sorted, name, value);
      }
    }
    for (const position of apart) {
      const argument = compiled[position];
      if (!argument) continue;
      const { name, in: place } = argument.parameter;
      const sent = place === "path" ? (Object.hasOwn(path, name) ? path[name] : undefined) : headers?.get(name);
      if (typeof sent !== "string") continue;
      const decode = place === "path" ? percentDecoded : asItIs;
      sorted.given[position] = [...valuesOf(argument, { text: decode(sent), sent, decode }, place)];
    }
    return sorted;
  };
}

/** The same, while it is being sorted. */
interface Sorted extends Collected {
  readonly given: (Given[] | undefined)[];
  readonly others: Map<string, Given>;
}

function oneByOne({ in: place, raw }: Given): readonly Given[] {
  return (raw as unknown[]).map((item) => ({ in: place, raw: item }));
}

const asItIs: Decode = (piece) => piece;

/** The value of a parameter, decoded, and as it was sent. */
interface SentText {
  readonly text: string;
  readonly sent: string;
  readonly decode: Decode;
}

/** The values that one text stands for. */
function valuesOf(argument: Argument, { text, sent, decode }: SentText, place: Given["in"]): readonly Given[] {
  if (argument.plain) return [{ in: place, raw: text }];
  const { several, nested, object, cutting } = argument;
  if (several === "never" && !object) return [{ in: place, raw: cutting?.whole(sent, decode) ?? text }];
  if (several !== "never") {
    if (nested && text.trimStart().startsWith("[")) {
      const list = readJson(text);
      if (Array.isArray(list)) return list.map((raw) => ({ in: place, raw }));
    }
    const texts = cutting ? cutting.list(sent, decode) : [text];
    return texts.map((raw) => ({ in: place, raw }));
  }
  const isJson = text.trimStart().startsWith("{");
  if (!cutting || isJson) return [{ in: place, raw: text }];
  const pairs = cutting.pairs(sent, decode);
  // Text is no object: it is refused with a message about what is expected.
  if (pairs.some(([name]) => name === "__proto__")) return [{ in: place, raw: text }];
  return [{ in: place, raw: objectOf(pairs), text: true }];
}

function objectOf(pairs: ReturnType<Cutting["pairs"]>): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null);
  for (const [name, value] of pairs) putDeep(object, [name], value);
  return object;
}

/** Keys that could change what objects inherit: what they would be in JSON is refused as well. */
function isPoisoned(keys: readonly string[]): boolean {
  return keys.some((key, at) => key === "__proto__" || (key === "prototype" && keys[at - 1] === "constructor"));
}

function propertiesOf(schema: unknown): readonly string[] {
  return isRecord(schema) && isRecord(schema.properties) ? Object.keys(schema.properties) : [];
}
