import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import { includeOf, type Source, tooManyIncludes } from "./include.ts";
import type { Problems } from "./problems.ts";
import type { Entry, SourcePosition, Value } from "./value.ts";

/** More aliases than any API file has; fewer than it takes to fill a memory by nesting them. */
const maxAliases = 100;
/** Brackets or list marks inside each other; the parser of `yaml` recurses, and some engines do not survive its limit. */
const maxDepth = 200;

const includeTag = "!include";

/**
 * Reads YAML, of which JSON is a part, into values with places.
 *
 * @param text The file.
 * @param source Its name, and what it may include.
 * @param problems Gets what is wrong with it.
 *
 * @returns The value, or undefined if there is none that makes sense.
 */
export function readYaml(text: string, source: Source, problems: Problems): Value | undefined {
  const { file, before = 0 } = source;
  const excess = lineTooDeep(text);
  if (excess !== undefined) {
    problems.add({ file, line: excess + before }, `is nested more than ${maxDepth} levels deep: an API file is not`);
    return undefined;
  }
  const lines = new LineCounter();
  const placeAt = (offset: number): SourcePosition => ({ file, line: (lines.linePos(offset).line || 1) + before });
  const placeOf = (node: Node) => placeAt(node.range?.[0] ?? 0);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: "1.2" });
  for (const error of document.errors) problems.add(placeAt(error.pos[0]), `YAML: ${error.message}`);
  if (document.errors.length > 0) return undefined;
  const includes = source.included !== undefined;
  visit(document, {
    Node(_, node) {
      const tag = isAlias(node) ? undefined : node.tag;
      if (tag === includeTag) {
        if (!includes) problems.add(placeOf(node), "!include is not supported in this file: write the contents here");
        else if (!isScalar(node)) problems.add(placeOf(node), "!include: expected the path of a file after it");
      } else if (tag?.startsWith("!")) problems.add(placeOf(node), `the tag ${tag} is not supported: leave it out`);
    },
  });

  let aliases = 0;
  const convert = (node: Node | null | undefined, at: SourcePosition, depth: number): Value => {
    if (!node || depth > maxDepth) return { kind: "scalar", at, value: null, text: "" };
    if (isAlias(node)) {
      aliases++;
      if (aliases === maxAliases + 1) problems.add(placeOf(node), `has more than ${maxAliases} aliases: write it out`);
      const target = node.resolve(document);
      if (!target) problems.add(placeOf(node), `*${node.source} is not known: expected &${node.source} before it`);
      return convert(aliases > maxAliases ? null : target, placeOf(node), depth + 1);
    }
    if (isScalar(node) && node.tag === includeTag && includes) {
      const found = readIncluded(String(node.value ?? ""), placeOf(node), source, problems, includeTag);
      return found?.value ?? { kind: "scalar", at: placeOf(node), value: null, text: "" };
    }
    if (isSeq<Node>(node)) {
      return { kind: "list", at: placeOf(node), items: node.items.map((item) => convert(item, at, depth + 1)) };
    }
    if (isMap<Node, Node | null>(node)) {
      const entries = new Map<string, Entry>();
      for (const { key, value } of node.items) {
        const name = convert(key, placeOf(node), depth + 1);
        if (name.kind !== "scalar") problems.add(name.at, "a key is expected to be a name");
        else if (name.text === "<<") problems.add(name.at, "<< is not supported: write the keys here");
        else {
          const first = entries.get(name.text);
          const entry = { key: name.text, at: name.at, value: convert(value, name.at, depth + 1) };
          if (first) problems.add(name.at, `${name.text} is on line ${first.at.line} already: keep one of them`);
          else entries.set(name.text, entry);
        }
      }
      return { kind: "map", at: placeOf(node), entries: [...entries.values()] };
    }
    // What is refused already needs no second problem for what stands in its place.
    if (!isScalar(node) || node.tag?.startsWith("!")) return { kind: "scalar", at, value: null, text: "" };
    const { value, source: written } = node;
    if (typeof value === "string") {
      const place = placeOf(node);
      const block = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
      return { kind: "scalar", at: place, value, text: value, ...(block && { firstLine: place.line + 1 }) };
    }
    const known = typeof value === "number" || typeof value === "boolean" ? value : null;
    return { kind: "scalar", at: known === null ? at : placeOf(node), value: known, text: written ?? String(value) };
  };
  return convert(document.contents, { file, line: 1 + before }, 0);
}

/**
 * Finds what a file includes, with `!include` or as a library.
 *
 * @param text The file.
 *
 * @returns The paths as they are written; none if it cannot be parsed, which is told when it is read.
 */
export function includesIn(text: string): readonly string[] {
  if (!(text.includes(includeTag) || text.includes("uses:")) || lineTooDeep(text) !== undefined) return [];
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, version: "1.2", logLevel: "silent" });
  const found: string[] = [];
  const libraries = text.startsWith("#%RAML 1.0") ? document.get("uses") : undefined;
  for (const { value } of isMap(libraries) ? libraries.items : []) if (isScalar(value)) found.push(String(value.value));
  visit(document, {
    Scalar(_, node) {
      if (node.tag === includeTag) found.push(String(node.value ?? ""));
    },
  });
  return found;
}

/**
 * Reads a file that another one includes.
 *
 * @param target The path as it is written.
 * @param at Where it is written.
 * @param source The file that it is written in.
 * @param problems Gets what is wrong.
 * @param how What messages begin with: `!include`.
 *
 * @returns What the file holds, and what it may include; undefined if it cannot be read.
 */
export function readIncluded(
  target: string,
  at: SourcePosition,
  source: Source,
  problems: Problems,
  how: string,
): { readonly value: Value; readonly source: Source } | undefined {
  const found = includeOf(target, source);
  if (found.problem !== undefined) {
    problems.add(at, `${how} ${found.problem}`);
    // The rest would only repeat it.
    if (found.problem === tooManyIncludes) problems.raise();
    return undefined;
  }
  const start = { file: found.source.file, line: 1 };
  const text: Value = { kind: "scalar", at: start, value: found.text, text: found.text };
  const value = found.parsed ? readYaml(found.text, found.source, problems) : text;
  return value && { value, source: found.source };
}

function lineTooDeep(text: string): number | undefined {
  let depth = 0;
  for (const [index, line] of text.split("\n").entries()) {
    for (const character of line) {
      if (character === "[" || character === "{") depth++;
      else if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
      if (depth > maxDepth) return index + 1;
    }
    const marks = line.match(/(?:[-?:]\s+)+/g) ?? [];
    if (marks.some((run) => (run.match(/\S/g)?.length ?? 0) > maxDepth)) return index + 1;
  }
  return undefined;
}
