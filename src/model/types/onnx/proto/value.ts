import { within } from "../fault.ts";
import { type ElementType, elementType, isKnown } from "../tensor.ts";
import { type Cursor, field, inner, integer, message, text, wires } from "./wire.ts";

/** Type of an input or output of a graph; an axis without a fixed size is undefined. */
export interface ValueType {
  readonly name: string;
  /** `sequence`, `map` and the like for what is no tensor. */
  readonly kind: "tensor" | "sequence" | "map" | "optional" | "sparse tensor" | "opaque" | "unknown";
  readonly type?: ElementType;
  readonly dims?: readonly (number | undefined)[];
}

const kinds: Readonly<Record<number, ValueType["kind"]>> = {
  4: "sequence",
  5: "map",
  7: "opaque",
  8: "sparse tensor",
  9: "optional",
};

function readDims(cursor: Cursor): (number | undefined)[] {
  const dims: (number | undefined)[] = [];
  message(cursor, {
    1: field(wires.bytes, (at) => {
      let dim: number | undefined;
      message(inner(at), {
        1: field(wires.varint, (value) => {
          dim = integer(value);
        }),
      });
      // Converters write 0 or -1 where they mean any number.
      dims.push(dim === undefined || dim <= 0 ? undefined : dim);
    }),
  });
  return dims;
}

/** Reads a `ValueInfoProto`. */
export function readValue(cursor: Cursor, lenient: boolean): ValueType {
  let name = "";
  let kind: ValueType["kind"] = "unknown";
  let type: number | undefined;
  let dims: (number | undefined)[] | undefined;
  const elementOf = (value: Cursor) => {
    type = integer(value);
  };
  const other = (found: number) =>
    field(wires.bytes, (at) => {
      kind = kinds[found] ?? "unknown";
      const entered = inner(at);
      if (kind !== "map") return;
      const tensor = field(wires.bytes, (each) => message(inner(each), { 1: field(wires.varint, elementOf) }));
      message(entered, { 2: field(wires.bytes, (each) => message(inner(each), { 1: tensor })) });
    });
  message(cursor, {
    1: field(wires.bytes, (at) => {
      name = text(at);
    }),
    2: field(wires.bytes, (at) =>
      message(inner(at), {
        1: field(wires.bytes, (tensor) => {
          kind = "tensor";
          message(inner(tensor), {
            1: field(wires.varint, elementOf),
            2: field(wires.bytes, (value) => {
              dims = readDims(inner(value));
            }),
          });
        }),
        ...Object.fromEntries(Object.keys(kinds).map((key) => [key, other(Number(key))])),
      }),
    ),
  });
  const known =
    type === undefined || type === 0 || (lenient && !isKnown(type))
      ? {}
      : {
          type: within(
            () => `value ${JSON.stringify(name)}`,
            () => elementType(type ?? 0),
          ),
        };
  return { name, kind, ...known, ...(dims ? { dims } : {}) };
}
