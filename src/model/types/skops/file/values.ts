/** Numbers of an array; whole numbers beyond 32 bits are float64. */
export type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

/** Value that has no parts. */
export type Scalar = string | number | boolean | null;

/** Array of numpy, in C order. */
export interface Tensor {
  readonly shape: readonly number[];
  /** Letter of numpy: `f`, `i`, `u`, `b`, `U`, and `O` of objects. */
  readonly kind: string;
  readonly data: Numbers | readonly Value[];
}

/** Records of numpy, column by column. */
export interface Records {
  readonly length: number;
  readonly fields: ReadonlyMap<string, Numbers>;
}

/** Attributes of a Python object. */
export interface Attributes {
  /** Module and class. */
  readonly type: string;
  /** What was read so far. */
  readonly read: ReadonlyMap<string, Value>;
}

/** Value of Python as a file has it. */
export type Value = Scalar | Tensor | Records | Attributes | readonly Value[] | ReadonlyMap<string | number, Value>;

/** Tells whether a value is an array of numpy. */
export const isTensor = (value: unknown): value is Tensor =>
  typeof value === "object" && value !== null && "shape" in value && "kind" in value;

/** Tells whether a value is a list of records. */
export const isRecords = (value: unknown): value is Records =>
  typeof value === "object" && value !== null && "fields" in value && "length" in value;

/** Tells whether a value is a mapping. */
export const isMapping = (value: unknown): value is ReadonlyMap<string | number, Value> => value instanceof Map;

/** Element of an array of any kind, as Python shows it: booleans of bytes are booleans. */
export const elements = ({ kind, data }: Tensor): readonly Value[] =>
  kind === "b" ? Array.from(data as Numbers, Boolean) : Array.from(data as ArrayLike<Value>);
