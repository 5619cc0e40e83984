import { formatPosition, type Origin } from "../source/problems.ts";
import { follow, type Path, type SourcePosition, type Tree } from "../source/tree.ts";
import type { Config } from "./types.ts";

/** What is known of a configuration beside its values. */
export interface Written extends Origin {
  /** What the user wrote, all files merged. */
  readonly tree: Tree;
  /** What relative paths of a configuration given as a value are relative to. */
  readonly base: URL | undefined;
}

const written = new WeakMap<object, Written>();

/**
 * Keeps what a configuration was made of, for as long as the configuration is kept.
 *
 * @param config The configuration.
 * @param origin What it was made of.
 */
export function remember(config: object, origin: Written): void {
  written.set(config, origin);
}

/**
 * Finds what a configuration was made of.
 *
 * @param config Any object.
 *
 * @returns What was remembered; undefined if the object is not a configuration of ours.
 */
export function writtenOf(config: object): Written | undefined {
  return written.get(config);
}

/**
 * Creates the text that says where a value of a configuration stands.
 *
 * @param config A configuration from `loadConfig` or `defineConfig`.
 * @param path The keys and indexes that lead to the value.
 *
 * @returns `./launchpad.yml line 12`, of the value or its nearest ancestor with a place; the name of a configuration
 * that has no file.
 */
export function whereIs(config: object, path: Path): string {
  const origin = written.get(config);
  if (origin === undefined) return "configuration";
  return formatPosition(follow(origin.tree, path).at, origin);
}

/**
 * Finds the file in which a value of a configuration stands.
 *
 * @param config A configuration from `loadConfig` or `defineConfig`.
 * @param path The keys and indexes that lead to the value.
 *
 * @returns Its URL; for a configuration given as a value, the `base` given with it.
 */
export function baseOf(config: object, path: Path): URL | undefined {
  const origin = written.get(config);
  return origin && (follow(origin.tree, path).node.at?.file ?? origin.base);
}

/**
 * Finds the files that a configuration was read from, what they include among them.
 *
 * @param config A configuration from `loadConfig` or `defineConfig`.
 *
 * @returns Their URLs; none for a configuration given as a value.
 */
export function filesOf(config: Config): readonly URL[] {
  const found = new Map<string, URL>();
  const add = (at: SourcePosition | undefined) => {
    if (at) found.set(at.file.href, at.file);
  };
  const visit = (node: Tree) => {
    add(node.at);
    if (node.kind === "scalar") return;
    for (const child of node.children.values()) {
      add(child.at);
      visit(child.node);
    }
  };
  const origin = written.get(config);
  if (origin) visit(origin.tree);
  return [...found.values()];
}
