import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import type { Problems } from "./problems.ts";

/** A value of a YAML file, with the line on which it begins. */
export type Value = MapValue | ListValue | ScalarValue;

export interface MapValue {
  readonly kind: "map";
  readonly line: number;
  readonly entries: readonly Entry[];
}

export interface ListValue {
  readonly kind: "list";
  readonly line: number;
  readonly items: readonly Value[];
}

export interface ScalarValue {
  readonly kind: "scalar";
  readonly line: number;
  readonly value: string | number | boolean | null;
  /** As it is written in the file, so that `1.10` can stay `1.10`. */
  readonly text: string;
}

/** A key with its value. */
export interface Entry {
  readonly key: string;
  /** The line of the key. */
  readonly line: number;
  readonly value: Value;
}

/** More aliases than any API file has; fewer than it takes to fill a memory by nesting them. */
const mostAliases = 100;
/** Brackets or list marks inside each other; the parser of `yaml` recurses, and some engines do not survive its limit. */
const deepest = 200;

/**
 * Reads YAML into values with lines.
 *
 * @param text The file.
 * @param problems Gets what is wrong with it.
 *
 * @returns The value, or undefined if there is none that makes sense.
 */
export function readYaml(text: string, problems: Problems): Value | undefined {
  const line = lineTooDeep(text);
  if (line !== undefined) {
    problems.add(line, `is nested more than ${deepest} levels deep: an API file is not`);
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: "1.2" });
  const lineOf = (node: Node) => lines.linePos(node.range?.[0] ?? 0).line;
  for (const error of document.errors) problems.add(lines.linePos(error.pos[0]).line, `YAML: ${error.message}`);
  if (document.errors.length > 0) return undefined;
  visit(document, {
    Node(_, node) {
      const tag = isAlias(node) ? undefined : node.tag;
      if (tag === "!include") {
        problems.add(lineOf(node), "!include is not supported in an API file: write the contents here");
      } else if (tag?.startsWith("!")) problems.add(lineOf(node), `the tag ${tag} is not supported: leave it out`);
    },
  });

  let aliases = 0;
  const convert = (node: Node | null | undefined, line: number, depth: number): Value => {
    if (!node || depth > deepest) return { kind: "scalar", line, value: null, text: "" };
    if (isAlias(node)) {
      aliases++;
      if (aliases === mostAliases + 1) problems.add(lineOf(node), `has more than ${mostAliases} aliases: write it out`);
      const target = node.resolve(document);
      if (!target) problems.add(lineOf(node), `*${node.source} is not known: expected &${node.source} before it`);
      return convert(aliases > mostAliases ? null : target, lineOf(node), depth + 1);
    }
    if (isSeq<Node>(node)) {
      return { kind: "list", line: lineOf(node), items: node.items.map((item) => convert(item, line, depth + 1)) };
    }
    if (isMap<Node, Node | null>(node)) {
      const entries = new Map<string, Entry>();
      for (const { key, value } of node.items) {
        const name = convert(key, lineOf(node), depth + 1);
        if (name.kind !== "scalar") problems.add(name.line, "a key is expected to be a name");
        else if (name.text === "<<") problems.add(name.line, "<< is not supported: write the keys here");
        else {
          const first = entries.get(name.text);
          const entry = { key: name.text, line: name.line, value: convert(value, name.line, depth + 1) };
          if (first) problems.add(name.line, `${name.text} is on line ${first.line} already: keep one of them`);
          else entries.set(name.text, entry);
        }
      }
      return { kind: "map", line: lineOf(node), entries: [...entries.values()] };
    }
    // What is refused already needs no second problem for what stands in its place.
    if (!isScalar(node) || node.tag?.startsWith("!")) return { kind: "scalar", line, value: null, text: "" };
    const { value, source } = node;
    if (typeof value === "string") return { kind: "scalar", line: lineOf(node), value, text: value };
    const known = typeof value === "number" || typeof value === "boolean" ? value : null;
    return { kind: "scalar", line: known === null ? line : lineOf(node), value: known, text: source ?? String(value) };
  };
  return convert(document.contents, 1, 0);
}

/**
 * Creates the plain data of a value.
 *
 * @param value A value of a YAML file.
 *
 * @returns What JSON would hold; the key `__proto__` is a key like any other.
 */
export function plainOf(value: Value): unknown {
  if (value.kind === "scalar") return value.value;
  if (value.kind === "list") return value.items.map(plainOf);
  return Object.fromEntries(value.entries.map((entry) => [entry.key, plainOf(entry.value)]));
}

function lineTooDeep(text: string): number | undefined {
  let depth = 0;
  for (const [index, line] of text.split("\n").entries()) {
    for (const character of line) {
      if (character === "[" || character === "{") depth++;
      else if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
      if (depth > deepest) return index + 1;
    }
    const marks = line.match(/(?:[-?:]\s+)+/g) ?? [];
    if (marks.some((run) => (run.match(/\S/g)?.length ?? 0) > deepest)) return index + 1;
  }
  return undefined;
}
