import { must, OnnxFault, within } from "./fault.ts";
import { nodeName, type Plan } from "./graph.ts";
import type { Kernel } from "./node.ts";
import { operatorOf } from "./operators/table.ts";
import type { Tensor } from "./tensor.ts";

/** Most elements of all values that are alive at once. */
const maxAlive = 2 ** 27;

/** Step of a run: a kernel, where its inputs lie, where its outputs go, and what nobody needs afterwards. */
interface Step {
  readonly place: () => string;
  readonly kernel: Kernel;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly free: readonly number[];
}

/** Function from inputs of a graph to its outputs. */
export type Run = (inputs: readonly Tensor[]) => Tensor[];

/**
 * Makes the function that runs a graph.
 *
 * @param plan Nodes and constants.
 * @param inputs Names of inputs, in the order in which they will be given.
 * @param outputs Names of outputs.
 */
export function runner(plan: Plan, inputs: readonly string[], outputs: readonly string[]): Run {
  const slots = new Map<string, number>();
  const slotOf = (name: string): number => {
    const known = slots.get(name);
    if (known !== undefined) return known;
    slots.set(name, slots.size);
    return slots.size - 1;
  };
  const initial: (Tensor | undefined)[] = [];
  for (const [name, tensor] of plan.constants) initial[slotOf(name)] = tensor;
  const fixed = slots.size;
  const given = inputs.map(slotOf);
  const last = new Map<number, number>();
  const kept = new Set(outputs.map((name) => slotOf(name)));
  plan.nodes.forEach((node, at) => {
    for (const name of node.inputs) if (name !== "") last.set(slotOf(name), at);
    for (const name of node.outputs) if (name !== "" && !last.has(slotOf(name))) last.set(slotOf(name), at);
  });
  const steps = plan.nodes.map((node, at): Step => {
    const place = () => nodeName(node);
    const operator = operatorOf(node.domain, node.operator);
    if (operator === undefined) throw new OnnxFault(`the operator ${node.operator}`, "unsupported");
    const touched = new Set([...node.inputs, ...node.outputs].filter((name) => name !== "").map(slotOf));
    return {
      place,
      kernel: within(place, () => operator(node)),
      inputs: node.inputs.map((name) => (name === "" ? -1 : slotOf(name))),
      outputs: node.outputs.map((name) => (name === "" ? -1 : slotOf(name))),
      free: [...touched].filter((slot) => last.get(slot) === at && slot >= fixed && !kept.has(slot)),
    };
  });
  const results = outputs.map(slotOf);

  return (tensors) => {
    const values = initial.slice();
    let alive = 0;
    given.forEach((slot, at) => {
      values[slot] = tensors[at];
    });
    for (const step of steps) {
      const made = within(step.place, () => {
        const result = step.kernel(step.inputs.map((slot) => (slot < 0 ? undefined : values[slot])));
        const list = Array.isArray(result) ? result : [result];
        must(
          step.outputs.length <= list.length,
          () => `expected at most ${list.length} outputs, found ${step.outputs.length}`,
        );
        return list as readonly (Tensor | undefined)[];
      });
      step.outputs.forEach((slot, at) => {
        if (slot < 0) return;
        values[slot] = made[at];
        alive += made[at]?.data.length ?? 0;
      });
      must(alive <= maxAlive, () => `${step.place()}: expected at most ${maxAlive} numbers at once, found ${alive}`);
      for (const slot of step.free) {
        alive -= values[slot]?.data.length ?? 0;
        values[slot] = undefined;
      }
    }
    return results.map((slot, at) => {
      const value = values[slot];
      if (value === undefined) throw new OnnxFault(`expected a value of the output ${outputs[at]}, found none`);
      return value;
    });
  };
}
