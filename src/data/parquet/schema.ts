import type { FileMetaData, SchemaTree } from "hyparquet";
import { uniqueNames } from "../frame/column-names.ts";
import { type Kind, keepExact, kindOf } from "./kinds.ts";

/** One column of a file. */
export interface FileColumn {
  /** What it is called in a frame: no two are called the same. */
  readonly name: string;
  /** What it is called in the metadata as it is handed to the parser. */
  readonly key: string;
  readonly kind: Kind;
  readonly tree: SchemaTree;
  /** Whether it is an index of pandas', which is no column there. */
  readonly hidden: boolean;
}

/** The parser knows columns by names that it takes apart at points, and looks up in plain objects: they become plain. */
const plainName = (position: number) => `c${position}`;

/**
 * Finds the columns of a file, and changes its metadata so that the parser hands out what it would otherwise change: names
 * that occur twice or hold a point or are `__proto__`, decimals by all their digits, maps by the values of their keys.
 *
 * @param metadata The metadata; changed.
 * @param parse Creates the tree of a schema.
 *
 * @returns The columns in the order of the file.
 */
export function prepareSchema(
  metadata: FileMetaData,
  parse: (metadata: FileMetaData) => SchemaTree,
): readonly FileColumn[] {
  const given = parse(metadata);
  const names = uniqueNames(given.children.map(({ element }) => element.name));
  const indices = pandasIndices(metadata);
  const kinds = given.children.map(kindOf);
  const paths: string[][] = [];
  for (const [position, tree] of given.children.entries()) {
    rename(tree, position, [], paths);
    keepExact(tree);
  }
  for (const { columns } of metadata.row_groups) {
    if (columns.length !== paths.length) {
      throw new Error(`${paths.length} columns in the schema, ${columns.length} in a row group`);
    }
    columns.forEach(({ meta_data }, at) => {
      if (meta_data) meta_data.path_in_schema = [...(paths[at] ?? [])];
    });
  }
  const { children } = parse(metadata);
  return children.map((tree, at) => {
    const name = names[at] ?? "";
    return { name, key: plainName(at), kind: kinds[at] as Kind, tree, hidden: indices.has(name) };
  });
}

/** Gives an element and what is in it plain names; within a VARIANT the parser goes by the names of the format. */
function rename(tree: SchemaTree, position: number, before: readonly string[], paths: string[][], variant = false) {
  const { element, children } = tree;
  if (!variant) element.name = plainName(position);
  const path = [...before, element.name];
  const within = variant || element.logical_type?.type === "VARIANT";
  if (children.length === 0) paths.push(path);
  for (const [at, child] of children.entries()) rename(child, at, path, paths, within);
}

/** Names of the columns that pandas writes for an index: https://pandas.pydata.org/docs/development/developer.html */
function pandasIndices({ key_value_metadata: pairs = [] }: FileMetaData): ReadonlySet<unknown> {
  const text = pairs.find(({ key }) => key === "pandas")?.value;
  if (text === undefined) return new Set();
  try {
    const { index_columns: columns } = JSON.parse(text) as { index_columns?: unknown };
    return new Set(Array.isArray(columns) ? columns.filter((column) => typeof column === "string") : []);
  } catch {
    return new Set();
  }
}

/**
 * Finds the elements from the root down to each column chunk of a row group.
 *
 * @param tree The schema.
 *
 * @returns A path for each column chunk, in order.
 */
export function leafPaths(tree: SchemaTree): readonly (readonly SchemaTree[])[] {
  const found: SchemaTree[][] = [];
  const walk = (node: SchemaTree, before: readonly SchemaTree[]) => {
    const path = [...before, node];
    if (node.children.length === 0) found.push(path);
    for (const child of node.children) walk(child, path);
  };
  for (const child of tree.children) walk(child, [tree]);
  return found;
}
