import { must, OnnxFault } from "./fault.ts";
import type { Attribute } from "./proto/attribute.ts";
import type { RawNode } from "./proto/model.ts";
import type { Tensor } from "./tensor.ts";
import type { Grove } from "./trees/grove.ts";

/** Node of a graph, with the version of the operator set that the model asks for. */
export interface Node extends RawNode {
  readonly version: number;
  /** Trees that were compiled, in place of the attributes that they were compiled from. */
  readonly grove?: Grove;
}

/** What a node does with its inputs; an input that is left out is undefined. */
export type Kernel = (inputs: readonly (Tensor | undefined)[]) => Tensor | readonly (Tensor | undefined)[];

/** Operator: makes the kernel of a node, once, from its attributes. */
export type Operator = (node: Node) => Kernel;

/** Operators of one domain, by name. */
export type Operators = Readonly<Record<string, Operator>>;

const attribute = (node: Node, name: string): Attribute | undefined =>
  Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;

/** Number of an attribute. */
export function numberOf(node: Node, name: string, fallback?: number): number {
  const value = attribute(node, name) ?? fallback;
  if (typeof value !== "number") throw new OnnxFault(`expected a number in the attribute ${name}, found none`);
  return value;
}

/** Number of an attribute that may be absent. */
export function numberIf(node: Node, name: string): number | undefined {
  return attribute(node, name) === undefined ? undefined : numberOf(node, name);
}

/** Text of an attribute. */
export function textOf(node: Node, name: string, fallback?: string): string {
  const value = attribute(node, name) ?? fallback;
  if (typeof value !== "string") throw new OnnxFault(`expected a text in the attribute ${name}, found none`);
  return value;
}

/** Text of an attribute that is one of a few. */
export function oneOf<Choice extends string>(
  node: Node,
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const found = textOf(node, name, fallback);
  const choice = choices.find((each) => each === found);
  if (choice === undefined)
    throw new OnnxFault(`expected one of ${choices.join(", ")} in the attribute ${name}, found ${found}`);
  return choice;
}

const none = new Float64Array(0);

/** Numbers of an attribute; none where it is absent. */
export function listOf(node: Node, name: string): Float64Array {
  const value = attribute(node, name) ?? none;
  if (!(value instanceof Float64Array)) throw new OnnxFault(`expected a list of numbers in the attribute ${name}`);
  return value;
}

/** Numbers of an attribute that may be absent. */
export function listIf(node: Node, name: string): Float64Array | undefined {
  return attribute(node, name) === undefined ? undefined : listOf(node, name);
}

/** Texts of an attribute; none where it is absent. */
export function textsOf(node: Node, name: string): readonly string[] {
  const value = attribute(node, name) ?? [];
  if (!Array.isArray(value)) {
    must(
      value instanceof Float64Array && value.length === 0,
      () => `expected a list of texts in the attribute ${name}`,
    );
    return [];
  }
  return value;
}

/** Tensor of an attribute that may be absent. */
export function tensorIf(node: Node, name: string): Tensor | undefined {
  const value = attribute(node, name);
  if (value === undefined) return undefined;
  if (typeof value !== "object" || !("dims" in value))
    throw new OnnxFault(`expected a tensor in the attribute ${name}`);
  return value;
}

/** Labels of an attribute pair: integers or texts; undefined where a node has neither. */
export function labelsOf(node: Node, integers: string, strings: string): readonly (number | string)[] | undefined {
  const named = textsOf(node, strings);
  if (named.length > 0) return named;
  const numbered = listOf(node, integers);
  return numbered.length > 0 ? [...numbered] : undefined;
}
