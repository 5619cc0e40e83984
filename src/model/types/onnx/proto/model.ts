import { must, OnnxFault, within } from "../fault.ts";
import type { Tensor } from "../tensor.ts";
import { type Attribute, readAttribute } from "./attribute.ts";
import { readTensor } from "./tensor.ts";
import { readValue, type ValueType } from "./value.ts";
import { type Cursor, cursorOf, field, inner, integer, message, text, wires } from "./wire.ts";

/** Node of a graph: one operator with its attributes. */
export interface RawNode {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Graph as the file has it. */
export interface RawGraph {
  readonly nodes: readonly RawNode[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  readonly inputs: readonly ValueType[];
  readonly outputs: readonly ValueType[];
}

/** Model as the file has it. */
export interface RawModel {
  readonly irVersion: number;
  readonly producer: string;
  /** Version of each set of operators, by domain. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Names of functions that the model defines for itself. */
  readonly functions: readonly string[];
  readonly graph: RawGraph;
}

/** Name of the standard domain, which also has none. */
export const coreDomain = "ai.onnx";

/** Does work, or passes over what the reader has not where another engine will run the graph. */
function tolerant<Result>(lenient: boolean, work: () => Result): Result | undefined {
  try {
    return work();
  } catch (cause) {
    if (lenient && cause instanceof OnnxFault && cause.blame === "unsupported") return undefined;
    throw cause;
  }
}

/** Operators that hold graphs of their own; what is missing is the operator, not its attribute. */
const holders = new Set(["If", "Loop", "Scan", "SequenceMap"]);

function readNode(cursor: Cursor, lenient: boolean): RawNode {
  const node = { name: "", operator: "", domain: "" };
  const inputs: string[] = [];
  const outputs: string[] = [];
  const held: Cursor[] = [];
  message(cursor, {
    1: field(wires.bytes, (at) => inputs.push(text(at))),
    2: field(wires.bytes, (at) => outputs.push(text(at))),
    3: field(wires.bytes, (at) => {
      node.name = text(at);
    }),
    4: field(wires.bytes, (at) => {
      node.operator = text(at);
    }),
    5: field(wires.bytes, (at) => held.push(inner(at))),
    7: field(wires.bytes, (at) => {
      node.domain = text(at);
    }),
  });
  const attributes: [string, Attribute][] = [];
  if (!holders.has(node.operator)) {
    within(
      () => `node ${JSON.stringify(node.name || outputs[0] || "")} (${node.operator})`,
      () => {
        for (const at of held) {
          const read = tolerant(lenient, () => readAttribute(at));
          if (read) attributes.push(read);
        }
      },
    );
  }
  return { ...node, domain: node.domain || coreDomain, inputs, outputs, attributes: Object.fromEntries(attributes) };
}

function readGraph(cursor: Cursor, lenient: boolean): RawGraph {
  const nodes: RawNode[] = [];
  const initializers = new Map<string, Tensor>();
  const inputs: ValueType[] = [];
  const outputs: ValueType[] = [];
  message(cursor, {
    1: field(wires.bytes, (at) => nodes.push(readNode(inner(at), lenient))),
    5: field(wires.bytes, (at) => {
      const entered = inner(at);
      const read = tolerant(lenient, () =>
        within(
          () => `initializer ${initializers.size + 1}`,
          () => readTensor(entered),
        ),
      );
      if (read) initializers.set(read.name, read.tensor);
    }),
    11: field(wires.bytes, (at) => inputs.push(readValue(inner(at), lenient))),
    12: field(wires.bytes, (at) => outputs.push(readValue(inner(at), lenient))),
    15: field(wires.bytes, (at) => {
      inner(at);
      if (!lenient) throw new OnnxFault("initializers that are sparse tensors", "unsupported");
    }),
  });
  return { nodes, initializers, inputs, outputs };
}

/**
 * Reads a `ModelProto` (onnx.proto, field numbers as there).
 *
 * @param bytes The whole file.
 * @param lenient Whether types and attributes that the reader has not are left out, as another engine runs the graph.
 */
export function readModel(bytes: Uint8Array, lenient = false): RawModel {
  let irVersion = 0;
  let producer = "";
  let graph: RawGraph | undefined;
  const opsets = new Map<string, number>();
  const functions: string[] = [];
  message(cursorOf(bytes), {
    1: field(wires.varint, (at) => {
      irVersion = integer(at);
    }),
    2: field(wires.bytes, (at) => {
      producer = text(at);
    }),
    7: field(wires.bytes, (at) => {
      must(graph === undefined, () => "expected one graph, found two");
      graph = readGraph(inner(at), lenient);
    }),
    8: field(wires.bytes, (at) => {
      let domain = "";
      let version = 0;
      message(inner(at), {
        1: field(wires.bytes, (value) => {
          domain = text(value);
        }),
        2: field(wires.varint, (value) => {
          version = integer(value);
        }),
      });
      opsets.set(domain || coreDomain, version);
    }),
    25: field(wires.bytes, (at) =>
      message(inner(at), { 1: field(wires.bytes, (value) => functions.push(text(value))) }),
    ),
  });
  if (graph === undefined) throw new OnnxFault("expected a graph, found none");
  return { irVersion, producer, opsets, functions, graph };
}
