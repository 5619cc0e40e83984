import * as v from "valibot";
import type { Problem } from "../source/problems.ts";
import { formatFound } from "../source/problems.ts";
import { follow, type MapTree, type Path, plainOf, type Tree } from "../source/tree.ts";
import { isSecretKey } from "../util/redact.ts";
import { didYouMean, enumerate, misspelt } from "../util/suggest.ts";
import { checkDoors } from "./doors/check-doors.ts";
import { entryRules, isMapping, type Rule, rootRule, sectionRules } from "./schema.ts";
import { variableProblems } from "./variable-keys.ts";

/** A configuration that was looked at. */
export interface Checked {
  readonly problems: readonly Problem[];
  /** The plain value: defaults filled in, known keys without a value left out. */
  readonly value: Record<string, unknown>;
  /** Keys of the `api` section that nothing reads. */
  readonly ignored: readonly Path[];
}

/** Is told what is wrong, and where. */
export type Report = (path: Path, message: string) => void;

/**
 * Checks a configuration.
 *
 * @param tree What the user wrote.
 *
 * @returns Every problem there is, and the value in its normal form.
 */
export function check(tree: Tree): Checked {
  const problems: Problem[] = [];
  const report = reportTo(problems, tree);
  if (tree.kind !== "map") {
    return { problems: [rootProblem(tree)], value: {}, ignored: [] };
  }

  const anyKey = hasPlugins(tree);
  const value = checkMapping(tree, [], rootRule, anyKey, report);
  for (const [section, rule] of Object.entries(entryRules)) {
    const entries = value[section];
    if (isMapping(entries)) value[section] = checkEntries(tree, section, Object.keys(entries), rule, anyKey, report);
  }
  for (const [section, rule] of Object.entries(sectionRules)) {
    if (isMapping(value[section])) value[section] = checkMapping(tree, [section], rule, anyKey, report);
  }
  checkApiVersion(tree, report);
  checkAdmin(tree, report);
  checkDescription(tree, report);
  checkDatabases(tree, report);
  checkDoors(tree, report);
  return { problems, value, ignored: ignoredKeys(tree) };
}

/**
 * Collector of problems.
 *
 * @param problems Gets them.
 * @param tree What they are in.
 *
 * @returns A function that adds one.
 */
export function reportTo(problems: Problem[], tree: Tree): Report {
  return (path, message) => {
    const { at, length } = follow(tree, path);
    // The item of a list that was given as one word is that word; a missing key has no place of its own.
    const isOneWord = length === path.length - 1 && typeof path.at(-1) === "number";
    problems.push({ at, path: isOneWord ? path.slice(0, -1) : path, message });
  };
}

/**
 * Creates the problem of a configuration that is no mapping.
 *
 * @param tree What it is instead.
 *
 * @returns A problem.
 */
export function rootProblem(tree: Tree): Problem {
  const found = formatFound(tree, undefined);
  const message = `found ${found}, expected a mapping with at least the sections model_store and model`;
  return { at: tree.at, path: [], message };
}

function checkEntries(
  tree: Tree,
  section: string,
  names: readonly string[],
  rule: Rule,
  anyKey: boolean,
  report: Report,
): Record<string, unknown> {
  // Without a prototype, looking up a name that is not there finds nothing, whatever the name.
  const checked: Record<string, unknown> = Object.create(null);
  for (const name of names) {
    const { node } = follow(tree, [section, name]);
    if (node.kind === "map") checked[name] = checkMapping(tree, [section, name], rule, anyKey, report);
    else report([section, name], `found ${formatFound(node, name)}, expected a mapping with at least "type"`);
  }
  return checked;
}

/**
 * Checks a mapping.
 *
 * @param tree What it is a part of.
 * @param path Where it is.
 * @param rule What holds for it.
 * @param anyKey Whether unknown keys may mean something to a plugin.
 * @param report Is told what is wrong.
 *
 * @returns The plain value: defaults filled in, known keys without a value left out.
 */
export function checkMapping(
  tree: Tree,
  path: Path,
  rule: Rule,
  anyKey: boolean,
  report: Report,
): Record<string, unknown> {
  const { node } = follow(tree, path);
  if (node.kind !== "map") return {};
  const meant = checkSpelling(node, path, rule, anyKey, report);
  if (rule.variables) {
    for (const problem of variableProblems(node, rule.literal)) report([...path, ...problem.path], problem.message);
  }

  const entries = rule.schema.entries;
  const value = plainOf(node) as Record<string, unknown>;
  // A key that is missing and one without a value are the same.
  const nothing = Object.fromEntries(Object.keys(entries).map((key) => [key, null]));
  const result = v.safeParse(rule.schema, { ...nothing, ...value });
  for (const issue of result.issues ?? []) {
    const steps = (issue.path ?? []).map(({ key }) => key as string | number);
    const [key] = steps;
    const given = node.children.get(String(key));
    if (given === undefined && isGiven(node, String(key), rule, meant)) continue;
    report([...path, ...steps], explain(tree, [...path, ...steps], issue));
  }

  const known = result.success ? result.output : {};
  const kept = Object.entries(value).filter(([key, inner]) => !(inner === null && Object.hasOwn(entries, key)));
  const filled = Object.entries(known).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries([...kept, ...filled]);
}

/** A key that is missing is no problem of its own if it was misspelt, or comes from a variable. */
function isGiven(node: MapTree, key: string, rule: Rule, meant: ReadonlySet<string>): boolean {
  return meant.has(key) || (rule.variables && node.children.has(`${key}_var`));
}

function explain(tree: Tree, path: Path, issue: v.BaseIssue<unknown>): string {
  const { node, length } = follow(tree, path);
  const isOneWord = length === path.length - 1 && typeof path.at(-1) === "number" && node.kind === "scalar";
  const found = length === path.length || isOneWord ? node : undefined;
  // Below a key that names secrets, all are.
  const key = path.find((step) => isSecretKey(String(step))) ?? path.at(-1);
  const message = `found ${formatFound(found, key)}, expected ${issue.message}`;
  const isNotText =
    issue.expected === "string" && found?.kind === "scalar" && found.value !== null && key === path.at(-1);
  return isNotText ? `${message}. Write it in quotes: "${found.source ?? found.value}"` : message;
}

function checkSpelling(node: MapTree, path: Path, rule: Rule, anyKey: boolean, report: Report): Set<string> {
  const base = (key: string) => (rule.variables && key.endsWith("_var") ? key.slice(0, -4) : key);
  const present = new Set(Array.from(node.children.keys(), base));
  const known = [...Object.keys(rule.schema.entries), ...(anyKey ? [] : rule.builtIn)];
  const absent = known.filter((key) => !present.has(key));
  const meant = new Set<string>();
  for (const key of node.children.keys()) {
    if (known.includes(base(key))) continue;
    const name = misspelt(base(key), absent);
    if (name === undefined) continue;
    meant.add(name);
    report([...path, key], `found an unknown key, expected ${name}. Did you mean ${name}?`);
  }
  return meant;
}

function checkApiVersion(tree: Tree, report: Report): void {
  const { length } = follow(tree, ["api", "version"]);
  if (length < 2) return;
  report(
    ["api", "version"],
    "found a version, expected none: the API takes its version from model.version. Remove it, and set model.version",
  );
}

/** Whoever reaches the API reaches its admin paths, too: there are none without a token. */
export function checkAdmin(tree: Tree, report: Report): void {
  const { node, length } = follow(tree, ["api", "admin"]);
  if (length < 2 || node.kind !== "scalar" || node.value !== true) return;
  if (follow(tree, ["api", "admin_token_var"]).length === 2) return;
  report(["api", "admin"], "found true, expected admin_token_var as well: the environment variable that holds a token");
}

/** Two descriptions of one API would have to agree. */
function checkDescription(tree: Tree, report: Report): void {
  const given = (key: string) => {
    const { node, length } = follow(tree, ["api", key]);
    return length === 2 && !(node.kind === "scalar" && node.value === null);
  };
  if (!given("raml") || !given("openapi")) return;
  report(
    ["api", "openapi"],
    "found a file beside that of api.raml, expected one description of the API. Keep one of them",
  );
}

function checkDatabases(tree: MapTree, report: Report): void {
  const dbms = tree.children.get("dbms")?.node;
  const names = dbms?.kind === "map" ? Array.from(dbms.children.keys()) : [];
  const expected =
    names.length > 0 ? `a name below dbms: ${enumerate(names)}` : "a name below dbms, where there is none";
  for (const section of ["datasources", "datasinks"]) {
    const entries = tree.children.get(section)?.node;
    if (entries?.kind !== "map") continue;
    for (const name of entries.children.keys()) {
      const path = [section, name, "type"];
      const { node, length } = follow(tree, path);
      if (length < 3 || node.kind !== "scalar" || typeof node.value !== "string") continue;
      if (!node.value.startsWith("dbms.")) continue;
      const database = node.value.slice("dbms.".length);
      if (names.includes(database)) continue;
      const hint = didYouMean(database, names).replace("mean ", "mean dbms.");
      report(path, `found ${formatFound(node, "type")}, expected ${expected}${hint && `.${hint}`}`);
    }
  }
}

function ignoredKeys(tree: MapTree): Path[] {
  const api = tree.children.get("api")?.node;
  if (api?.kind !== "map") return [];
  const known = Object.keys(sectionRules.api.schema.entries);
  return Array.from(api.children.keys(), (key) => ["api", key]).filter(([, key]) => !known.includes(key ?? ""));
}

function hasPlugins(tree: MapTree): boolean {
  const plugins = tree.children.get("plugins")?.node;
  return plugins?.kind === "list" && plugins.children.length > 0;
}
