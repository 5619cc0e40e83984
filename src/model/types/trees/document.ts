import { described, type Fault } from "./faults.ts";

/** List of numbers of a document: numbers of JSON, or the typed arrays of UBJSON. */
export type Numbers = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint8Array;

/** Value of a document that was read from JSON or UBJSON. */
export type Value = null | boolean | number | string | Numbers | readonly Value[] | Fields;

/** Object of a document. */
export interface Fields {
  readonly [name: string]: Value | undefined;
}

/**
 * Takes an item of a long list as soon as it is read, so that the document never holds all of them. `root` has the
 * fields of the document that stand before.
 */
export type Taker = (item: Value, index: number, root: Fields) => void;

/**
 * Tells whether a value is an object.
 *
 * @param value A value of a document.
 *
 * @returns Whether it has fields.
 */
export function isFields(value: Value | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Part of a document that knows its place, so that each reader of a field is one call, and each fault names the field. */
export class Section {
  readonly #fields: Fields;
  readonly #fault: Fault;
  readonly place: string;

  /**
   * Creates a section.
   *
   * @param value What the document holds at the place.
   * @param place Path of the place; empty for the whole document.
   * @param fault Throws if something is not as it should be.
   */
  constructor(value: Value | undefined, place: string, fault: Fault) {
    if (!isFields(value)) fault(place || "the document", "an object", described(value));
    this.#fields = value;
    this.#fault = fault;
    this.place = place;
  }

  /** Path of a field. */
  at(name: string): string {
    return this.place === "" ? name : `${this.place}.${name}`;
  }

  /** Value of a field; undefined if there is none. */
  get(name: string): Value | undefined {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  /** Names of the fields. */
  names(): string[] {
    return Object.keys(this.#fields);
  }

  /** Section in a field. */
  section(name: string): Section {
    return new Section(this.get(name), this.at(name), this.#fault);
  }

  /** Section in a field, where there is one. */
  optionalSection(name: string): Section | undefined {
    const value = this.get(name);
    return value === undefined || value === null ? undefined : this.section(name);
  }

  /** Text in a field. */
  text(name: string): string {
    const value = this.get(name);
    if (typeof value !== "string") this.#fault(this.at(name), "a text", described(value));
    return value;
  }

  /** Whole number in a field, as a number or in a text. */
  whole(name: string, otherwise?: number): number {
    const value = this.get(name);
    if (value === undefined && otherwise !== undefined) return otherwise;
    const number = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number !== "number" || !Number.isSafeInteger(number)) {
      this.#fault(this.at(name), "a whole number", described(value));
    }
    return number;
  }

  /** Number in a field. */
  number(name: string): number {
    const value = this.get(name);
    if (typeof value !== "number" || Number.isNaN(value))
      return this.#fault(this.at(name), "a number", described(value));
    return value;
  }

  /** List in a field. */
  list(name: string): readonly Value[] {
    const value = this.get(name);
    if (ArrayBuffer.isView(value)) return Array.from(value);
    if (!Array.isArray(value)) this.#fault(this.at(name), "a list", described(value));
    return value;
  }

  /** List of numbers in a field. */
  numbers(name: string, length?: number): Numbers {
    const value = this.get(name);
    const numbers =
      Array.isArray(value) && value.every((item) => typeof item === "number" || typeof item === "boolean")
        ? Float64Array.from(value, Number)
        : value;
    if (!ArrayBuffer.isView(numbers)) this.#fault(this.at(name), "a list of numbers", described(value));
    if (length !== undefined && numbers.length !== length) {
      this.#fault(this.at(name), `${length} numbers`, `${numbers.length}`);
    }
    return numbers;
  }

  /** List of texts in a field. */
  texts(name: string): readonly string[] {
    return this.list(name).map((item, index) => {
      if (typeof item !== "string") this.#fault(`${this.at(name)}[${index}]`, "a text", described(item));
      return item;
    });
  }
}
