import { must, OnnxFault, within } from "./fault.ts";
import type { Node } from "./node.ts";
import { constantOf } from "./operators/shape.ts";
import { domains, operatorOf } from "./operators/table.ts";
import { treeCompilers } from "./operators/trees.ts";
import type { RawModel, RawNode } from "./proto/model.ts";
import type { Tensor } from "./tensor.ts";
import type { Grove } from "./trees/grove.ts";

/** Nodes in the order in which they can run, and the values that are known before. */
export interface Plan {
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Tensor>;
}

/** Name of a node for messages, with its operator. */
export const nodeName = ({ name, operator, outputs }: RawNode): string =>
  `node ${JSON.stringify(name || outputs[0] || "")} (${operator})`;

/** Where each value comes from. */
function producers(nodes: readonly RawNode[], known: Iterable<string>): Map<string, RawNode | undefined> {
  const from = new Map<string, RawNode | undefined>();
  for (const name of known) from.set(name, undefined);
  for (const node of nodes) {
    for (const output of node.outputs) {
      if (output === "") continue;
      must(
        !from.has(output),
        () => `${nodeName(node)}: expected a new name for its output, found ${JSON.stringify(output)} again`,
      );
      from.set(output, node);
    }
  }
  return from;
}

/** Nodes that the outputs need, each after those that it needs itself. */
function needed(from: ReadonlyMap<string, RawNode | undefined>, outputs: readonly string[]): RawNode[] {
  const order: RawNode[] = [];
  const state = new Map<RawNode, "open" | "done">();
  for (const output of outputs) {
    must(from.has(output), () => `expected something that makes the output ${JSON.stringify(output)}, found nothing`);
    const start = from.get(output);
    const stack = start ? [start] : [];
    while (stack.length > 0) {
      const node = stack.at(-1);
      if (node === undefined) break;
      if (state.has(node)) {
        stack.pop();
        if (state.get(node) === "open") order.push(node);
        state.set(node, "done");
        continue;
      }
      state.set(node, "open");
      for (const input of node.inputs) {
        if (input === "") continue;
        must(
          from.has(input),
          () => `${nodeName(node)}: expected something that makes the input ${JSON.stringify(input)}, found nothing`,
        );
        const before = from.get(input);
        if (before === undefined) continue;
        must(
          state.get(before) !== "open",
          () => `${nodeName(node)}: expected a graph without cycles, found a way back to ${nodeName(before)}`,
        );
        if (!state.has(before)) stack.push(before);
      }
    }
  }
  return order;
}

/** Refuses operators that the reader has not, all of them at once. */
function refuseMissing(nodes: readonly RawNode[], { opsets, functions }: RawModel): void {
  const missing = new Set<string>();
  for (const { domain, operator } of nodes) {
    if (operatorOf(domain, operator)) continue;
    missing.add(
      functions.includes(operator)
        ? `the function ${operator} of the model`
        : domain === "ai.onnx"
          ? operator
          : `${domain}.${operator}`,
    );
  }
  if (missing.size > 0)
    throw new OnnxFault(`the operator${missing.size > 1 ? "s" : ""} ${[...missing].sort().join(", ")}`, "unsupported");
  for (const domain of new Set(nodes.map((node) => node.domain))) {
    const version = opsets.get(domain);
    const [least, most] = domains[domain]?.versions ?? [0, 0];
    must(version !== undefined, () => `expected a version of the operators of ${domain}, found none`);
    if (version < least || version > most) {
      throw new OnnxFault(
        `version ${version} of the operators of ${domain} (known are ${least} to ${most})`,
        "unsupported",
      );
    }
  }
}

/** Attributes of trees that their compiled form holds. */
const compiledAway = /^(nodes_|class_|target_|leaf_|tree_roots|membership_values)/;

/** Trees that were compiled, by the node of the file: a graph may be planned twice. */
export type Groves = Map<RawNode, Grove>;

/** Compact form of a node: trees compiled, and nothing kept twice. */
function compact(raw: RawNode, version: number, groves: Groves): Node {
  const node: Node = { ...raw, version };
  const compile = Object.hasOwn(treeCompilers, node.operator) ? treeCompilers[node.operator] : undefined;
  if (compile === undefined) return node;
  const grove =
    groves.get(raw) ??
    within(
      () => nodeName(node),
      () => compile(node),
    );
  groves.set(raw, grove);
  const kept = Object.entries(node.attributes).filter(([name]) => !compiledAway.test(name));
  return { ...node, attributes: Object.fromEntries(kept), grove };
}

/**
 * Plans a graph: what its outputs need, in order, with compiled trees.
 *
 * @param model Model as the file has it.
 * @param outputs Names of the outputs that are asked for.
 * @param groves Trees that were compiled before; those compiled now are added.
 */
export function planOf(model: RawModel, outputs: readonly string[], groves: Groves = new Map()): Plan {
  const { nodes, initializers, inputs } = model.graph;
  const known = new Set([...initializers.keys(), ...inputs.map(({ name }) => name)]);
  const order = needed(producers(nodes, known), outputs);
  refuseMissing(order, model);
  const used = new Set([...outputs, ...order.flatMap((node) => node.inputs)]);
  const constants = new Map([...initializers].filter(([name]) => used.has(name)));
  const planned: Node[] = [];
  for (const raw of order) {
    const version = model.opsets.get(raw.domain) ?? 0;
    if (raw.operator === "Constant" && raw.domain === "ai.onnx" && raw.outputs[0]) {
      constants.set(
        raw.outputs[0],
        within(
          () => nodeName(raw),
          () => constantOf({ ...raw, version }),
        ),
      );
    } else planned.push(compact(raw, version, groves));
  }
  return { nodes: planned, constants };
}
