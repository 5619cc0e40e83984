import { damaged } from "./failures.ts";
import { Fields } from "./fields.ts";
import { isMapping, isRecords, isTensor, type Value } from "./values.ts";

/**
 * Makes plain data of a value: objects hold only what was read of them.
 *
 * @param value Value of a file.
 *
 * @returns Numbers, text, lists, maps and typed arrays.
 */
export function plain(value: Value): unknown {
  if (value instanceof Fields) return { object: value.type, of: new Map(mapped(value.read)) };
  if (Array.isArray(value)) return value.map((item: Value) => plain(item));
  if (isTensor(value) && Array.isArray(value.data)) return { ...value, data: value.data.map((item) => plain(item)) };
  if (isMapping(value)) return new Map(mapped(value));
  return value;
}

const mapped = function* <K>(values: ReadonlyMap<K, Value>): Iterable<[K, unknown]> {
  for (const [key, value] of values) yield [key, plain(value)];
};

/**
 * Makes values of the plain data that `plain` made of them.
 *
 * @param data Contents of a store.
 * @param where Name of the model, for messages.
 */
export function revived(data: unknown, where: string): Value {
  if (data === null || typeof data === "string" || typeof data === "number" || typeof data === "boolean") return data;
  if (Array.isArray(data)) return data.map((item) => revived(item, where));
  if (data instanceof Map)
    return new Map([...data].map(([key, value]): [string | number, Value] => [key, revived(value, where)]));
  if (typeof data === "object" && "object" in data && "of" in data && data.of instanceof Map) {
    const attributes = data.of as ReadonlyMap<string, unknown>;
    return new Fields(String(data.object), where, (name) =>
      attributes.has(name) ? revived(attributes.get(name), where) : undefined,
    );
  }
  if (isTensor(data) && Array.isArray(data.data))
    return { ...data, data: data.data.map((item) => revived(item, where)) };
  if (isTensor(data) || isRecords(data)) return data;
  throw damaged(where, "expected the contents of a model, found something else");
}
