import type { StringifyOperations } from "devalue";

/**
 * What comes back from a store as it went in, by prototype. The prototype is compared as it is: an instance of a
 * subclass would come back as something else, and is refused.
 */
const tags = new Map<unknown, string>([
  [null, "Object"],
  [Object.prototype, "Object"],
  [Array.prototype, "Array"],
  [Map.prototype, "Map"],
  [Set.prototype, "Set"],
  [Date.prototype, "Date"],
  [RegExp.prototype, "RegExp"],
]);

/** How devalue is to look at values, so that it refuses, with a path, whatever would not come back the same. */
export const plainOperations: Partial<StringifyOperations> = {
  // A promise has no business in contents; an object that happens to have a method `then` fails at that method.
  isThenable: () => false,
  // What is called "Object" here is looked at once more by `shapeOf`.
  tagOf(value: object) {
    const tag = tags.get(Object.getPrototypeOf(value)) ?? "Object";
    return tag === "Array" && namedProperty(value) !== undefined ? "Object" : tag;
  },
  shapeOf(value: object) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (tags.get(prototype) !== "Object") return { kind: "not-plain" };
    if (symbolKey(value) !== undefined) return { kind: "symbol-keys" };
    return { kind: prototype === null ? "null-proto" : "plain", keys: Object.keys(value) };
  },
};

/**
 * Creates the words for a value that cannot be stored.
 *
 * @param value A value that devalue refused.
 *
 * @returns What it is, as the subject of a sentence: `a function`.
 */
export function describeRefused(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return "a symbol";
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Promise) return "a promise (await it first)";
  const tag = tags.get(Object.getPrototypeOf(value));
  if (tag === "Array") return `an array with a property (${namedProperty(value)}) besides its elements`;
  if (tag === undefined) return `an instance of ${className(value)}`;
  const symbol = symbolKey(value);
  return symbol ? `an object with a symbol (${String(symbol)}) for a key` : "an object with the key __proto__";
}

/** The name of a property of an array that is no element of it. */
function namedProperty(array: object): string | undefined {
  // The names of elements come first, so that the last one tells.
  const last = Object.keys(array).at(-1);
  return last !== undefined && !/^\d+$/.test(last) ? last : undefined;
}

function symbolKey(value: object): symbol | undefined {
  return Object.getOwnPropertySymbols(value).find((key) => Object.prototype.propertyIsEnumerable.call(value, key));
}

function className(value: object): string {
  const maker: unknown = Reflect.get(value, "constructor");
  return typeof maker === "function" && maker.name ? `the class ${maker.name}` : "a class";
}
