import { type Document, Lexer, LineCounter, parseDocument, type Scalar, visit } from "yaml";
import { maxDepth, maxValues } from "./limits.ts";
import type { Problem } from "./problems.ts";
import type { SourcePosition } from "./tree.ts";
import type { Reading } from "./tree-from-value.ts";
import { type Building, buildTree, includeTag } from "./yaml-tree.ts";

/** A place in an included file, and what stands there. */
export interface Include {
  readonly at: SourcePosition;
  /** The path as it was written. */
  readonly target: string;
}

/** A file of YAML, read as far as can be without the files that it includes. */
export interface ParsedYaml {
  readonly includes: readonly Include[];
  /** Builds the tree, given what each target holds. */
  build(building: Omit<Building, "placeAt">): Reading;
}

/** A value takes up to ten tokens. */
const maxTokens = 10 * maxValues;
const tooDeep = `found more than ${maxDepth} levels, expected fewer mappings and lists inside each other`;

/**
 * Reads a file of YAML 1.2 (core schema, with merge keys `<<`).
 *
 * @param text The file.
 * @param file Its URL.
 * @param report Called with everything that is wrong with the syntax.
 *
 * @returns What it includes, and how to build its tree; undefined if the syntax is wrong.
 */
export function parseYaml(
  text: string,
  file: URL,
  report: (problems: readonly Problem[]) => void,
): ParsedYaml | undefined {
  const lines = new LineCounter();
  const placeAt = (offset: number): SourcePosition => ({ file, line: lines.linePos(offset).line || 1 });
  const excess = excessOf(text);
  if (excess !== undefined) {
    report([{ at: { file, line: 1 }, path: [], message: excess }]);
    return undefined;
  }
  const parsed = parse(text, lines);
  if (parsed === undefined) {
    report([{ at: { file, line: 1 }, path: [], message: tooDeep }]);
    return undefined;
  }
  const { document, includes } = parsed;
  const wrong = [...document.errors, ...document.warnings].map(({ pos, message, code }) => ({
    at: placeAt(pos[0]),
    path: [],
    message: `column ${lines.linePos(pos[0]).col}: ${code === "RESOURCE_EXHAUSTION" ? tooDeep : explained(message)}`,
  }));
  if (wrong.length > 0) {
    report(wrong);
    return undefined;
  }
  return {
    includes: includes.map(({ value, range }) => ({ target: String(value), at: placeAt(range?.[0] ?? 0) })),
    build: (building) => buildTree(document, { ...building, placeAt }),
  };
}

/** Looks at the tokens alone, which takes a fifth of the time, and no memory, that a file too large would take. */
function excessOf(text: string): string | undefined {
  let tokens = 0;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > maxTokens) return "found more than any configuration holds, expected less";
    if (token === "[" || token === "{") depth += 1;
    else if (token === "]" || token === "}") depth -= 1;
    if (depth > maxDepth) return tooDeep;
  }
  return undefined;
}

/** The document and its includes; undefined if it has more levels than the parser has stack. */
function parse(text: string, lineCounter: LineCounter): { document: Document.Parsed; includes: Scalar[] } | undefined {
  try {
    const document = parseDocument(text, {
      schema: "core",
      version: "1.2",
      merge: true,
      resolveKnownTags: false,
      stringKeys: true,
      // The tree looks for them in linear time, and says where the first one is.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "error",
      lineCounter,
      customTags: [{ tag: includeTag, resolve: (target: string) => target }],
    });
    const includes: Scalar[] = [];
    visit(document, {
      Scalar(key, node) {
        if (key !== "key" && node.tag === includeTag) includes.push(node);
      },
    });
    return { document, includes };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function explained(message: string): string {
  const tag = /^Unresolved tag: (.*)$/.exec(message)?.[1];
  if (tag === undefined) return message;
  return tag === includeTag
    ? "found !include before a mapping or list, expected the path of a file after it"
    : `found the unknown tag ${tag.replace("tag:yaml.org,2002:", "!!")}, expected none or !include`;
}
