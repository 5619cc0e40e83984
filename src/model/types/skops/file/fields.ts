import { damaged, shown, unsupported } from "./failures.ts";
import { elements, isRecords, isTensor, type Records, type Scalar, type Tensor, type Value } from "./values.ts";

const maxCount = 2 ** 20;

/** Size of an axis, or null where any is right. */
export type Axis = number | null;

/**
 * Attributes of a Python object, looked up when they are asked for. It remembers what was read, which is all that a
 * model needs to be kept.
 */
export class Fields {
  /** Module and class. */
  readonly type: string;
  /** Place in the file, for messages. */
  readonly where: string;
  /** What was read so far. */
  readonly read = new Map<string, Value>();
  readonly #lookup: (name: string) => Value | undefined;

  constructor(type: string, where: string, lookup: (name: string) => Value | undefined) {
    this.type = type;
    this.where = where;
    this.#lookup = lookup;
  }

  /** Name of the class without its module. */
  get name(): string {
    return this.type.slice(this.type.lastIndexOf(".") + 1);
  }

  get(name: string): Value | undefined {
    const known = this.read.get(name);
    if (known !== undefined) return known;
    const value = this.#lookup(name);
    if (value !== undefined) this.read.set(name, value);
    return value;
  }

  /** Attribute that may be absent or None. */
  optional(name: string): Value | undefined {
    return this.get(name) ?? undefined;
  }

  at(name: string): string {
    return `${this.where}.${name}`;
  }

  wrong(name: string, expected: string): Error {
    const value = this.get(name);
    const found = value === undefined ? "none" : typeof value === "object" && value ? "another value" : shown(value);
    return damaged(this.at(name), `expected ${expected}, found ${found}`);
  }

  refuse(what: string): Error {
    return unsupported(this.where, `${what} is not supported`);
  }

  /** Refuses every value of a parameter but these. What an older version does not have is as if it were the first. */
  only(name: string, ...allowed: readonly Scalar[]): Scalar {
    const value = this.get(name);
    if (value === undefined) return allowed[0] ?? null;
    if (allowed.includes(value as Scalar)) return value as Scalar;
    throw this.refuse(`${this.name} with ${name}=${describe(value)}`);
  }

  number(name: string, fallback?: number): number {
    const value = this.get(name);
    if (typeof value === "number") return value;
    if (value === undefined && fallback !== undefined) return fallback;
    if (isTensor(value) && value.data.length === 1 && typeof value.data[0] === "number") return value.data[0];
    throw this.wrong(name, "a number");
  }

  /** Whole number, of features, classes or the like, for each of which memory is taken. */
  count(name: string, min = 0, max = maxCount): number {
    const value = this.number(name);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw this.wrong(name, `a whole number from ${min} to ${max}`);
  }

  flag(name: string, fallback?: boolean): boolean {
    const value = this.get(name);
    if (typeof value === "boolean") return value;
    if (value === undefined && fallback !== undefined) return fallback;
    throw this.wrong(name, "a boolean");
  }

  text(name: string): string {
    const value = this.get(name);
    if (typeof value === "string") return value;
    throw this.wrong(name, "text");
  }

  list(name: string): readonly Value[] {
    const value = this.get(name);
    if (Array.isArray(value)) return value;
    if (isTensor(value) && value.kind === "O" && Array.isArray(value.data)) return value.data;
    throw this.wrong(name, "a list");
  }

  /** Objects of a list. */
  objects(name: string): readonly Fields[] {
    return this.list(name).map((item) => {
      if (item instanceof Fields) return item;
      throw this.wrong(name, "a list of objects");
    });
  }

  object(name: string): Fields {
    const value = this.get(name);
    if (value instanceof Fields) return value;
    throw this.wrong(name, "an object");
  }

  records(name: string): Records {
    const value = this.get(name);
    if (isRecords(value)) return value;
    throw this.wrong(name, "records");
  }

  tensor(name: string): Tensor {
    const value = this.get(name);
    if (isTensor(value)) return value;
    throw this.wrong(name, "an array");
  }

  /** Numbers of an array of this shape, row after row. */
  numbers(name: string, ...shape: readonly Axis[]): Float64Array {
    return this.matrix(name, ...shape).data;
  }

  /** Numbers of an array of this shape, and its true shape. */
  matrix(name: string, ...shape: readonly Axis[]): { data: Float64Array; shape: readonly number[] } {
    return numbersOf(this.tensor(name), this.at(name), shape);
  }

  /** Values of a list or an array of one dimension, of any kind. */
  scalars(name: string, length: Axis = null): readonly Scalar[] {
    const value = this.get(name);
    return scalarsOf(value, this.at(name), length);
  }
}

/**
 * Values of a list or an array of one dimension.
 *
 * @throws MODEL_FILE_INVALID if it is none, or has another length.
 */
export function scalarsOf(value: Value | undefined, where: string, length: Axis = null): readonly Scalar[] {
  const list = isTensor(value) && value.shape.length === 1 ? elements(value) : Array.isArray(value) ? value : undefined;
  if (!list?.every(isScalar) || (length !== null && list.length !== length))
    throw damaged(where, `expected a list of ${length ?? "any number of"} values, found something else`);
  return list as readonly Scalar[];
}

/**
 * Numbers of an array.
 *
 * @param shape What its shape must be.
 *
 * @throws MODEL_FILE_INVALID if it has another shape, or is none of numbers.
 */
export function numbersOf(
  value: Value | undefined,
  where: string,
  shape: readonly Axis[],
): { data: Float64Array; shape: readonly number[] } {
  const any = shape.map((size) => size ?? "any").join(" x ");
  if (!isTensor(value)) throw damaged(where, `expected an array of shape ${any}, found none`);
  const fits =
    value.shape.length === shape.length &&
    shape.every((size, axis) => (size ?? value.shape[axis]) === value.shape[axis]);
  const length = value.shape.reduce((product, size) => product * size, 1);
  if (!fits || length !== value.data.length)
    throw damaged(where, `expected an array of shape ${any}, found ${value.shape.join(" x ") || "a number"}`);
  if (value.data instanceof Float64Array) return { data: value.data, shape: value.shape };
  if (Array.isArray(value.data) && !value.data.every((item) => typeof item === "number"))
    throw damaged(where, "expected numbers, found other values");
  return { data: Float64Array.from(value.data as ArrayLike<number>), shape: value.shape };
}

const isScalar = (value: Value) => value === null || typeof value !== "object";

const describe = (value: Value): string =>
  value instanceof Fields ? value.type : value === null ? "None" : typeof value === "object" ? "…" : shown(value);
