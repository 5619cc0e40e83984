import { didYouMean } from "../../../util/suggest.ts";
import { entriesOf } from "../file/fields.ts";
import type { Source } from "../file/include.ts";
import type { Problems } from "../file/problems.ts";
import { type Entry, entryOf, formatValue, type SourcePosition, type Value } from "../file/value.ts";
import { merged, without } from "./merge.ts";
import { libraryTemplates } from "./templates/library-templates.ts";
import { filled } from "./templates/placeholders.ts";

/** The traits and resource types of a file. */
export interface Templates {
  /**
   * Resource with everything that its type and traits add.
   *
   * @param value What is below the path of the resource.
   * @param path The whole path.
   *
   * @returns The same without `type` and `is`.
   */
  expand(value: Value, path: string): Value;
}

interface Kind {
  /** What messages call it. */
  readonly name: string;
  /** Where it is declared. */
  readonly section: "traits" | "resourceTypes";
}

const trait: Kind = { name: "trait", section: "traits" };
const resourceType: Kind = { name: "resource type", section: "resourceTypes" };

const methods = new Set(["get", "post", "put", "delete", "patch", "head", "options", "trace", "connect"]);
const maxDepth = 20;

/**
 * Reads the traits and resource types of a file.
 *
 * @param root The whole file.
 * @param version The version of RAML: in 0.8 any key can be optional, in 1.0 only a method.
 * @param source Where the file is, and what it may include.
 * @param problems Gets what is wrong.
 *
 * @returns What adds them to resources.
 */
export function readTemplates(root: Value, version: "0.8" | "1.0", source: Source, problems: Problems): Templates {
  const declared = {
    [trait.section]: declarations(root, trait, version, source, problems),
    [resourceType.section]: declarations(root, resourceType, version, source, problems),
  };
  const isOptional = (key: string) => key.endsWith("?") && (version === "0.8" || methods.has(key.slice(0, -1)));

  /** Finds what a use means: its name, or its name with values. */
  const instance = (use: Value, kind: Kind, where: string, reserved: Readonly<Record<string, string>>) => {
    const [entry] = use.kind === "map" && use.entries.length === 1 ? use.entries : [];
    const name = entry?.key ?? (use.kind === "scalar" && typeof use.value === "string" ? use.text : undefined);
    if (name === undefined) {
      problems.add(
        use.at,
        `${where}: found ${formatValue(use)}, expected the name of a ${kind.name}, or { name: { parameter: value } }`,
      );
      return undefined;
    }
    const known = declared[kind.section] ?? new Map<string, Entry>();
    const found = known.get(name);
    if (found === undefined) {
      problems.add(
        use.at,
        `${where}: there is no ${kind.name} ${name}: expected one of those below ${kind.section}.${didYouMean(name, known.keys())}`,
      );
      return undefined;
    }
    const values = new Map<string, Value>(
      Object.entries(reserved).map(([key, text]) => [key, { kind: "scalar", at: use.at, value: text, text }]),
    );
    const what = `${where}: ${kind.name} ${name}`;
    for (const one of entry ? entriesOf(entry.value, what, problems) : []) values.set(one.key, one.value);
    return { name, value: filled(without(found.value, "usage"), { what, at: use.at, values }, problems) };
  };

  const typed = (
    value: Value,
    where: string,
    reserved: Readonly<Record<string, string>>,
    chain: readonly string[],
  ): Value => {
    const type = entryOf(value, "type");
    const rest = without(value, "type");
    if (!type) return rest;
    const found = instance(type.value, resourceType, `${where} type`, reserved);
    if (!found) return rest;
    if (chain.includes(found.name) || chain.length > maxDepth) {
      problems.add(type.at, `${where} type: ${[...chain, found.name].join(" -> ")}: found a cycle, expected none`);
      return rest;
    }
    return merged(rest, typed(found.value, where, reserved, [...chain, found.name]), isOptional);
  };

  return {
    expand(value, path) {
      if (!entryOf(value, "type") && !entryOf(value, "is") && !hasTraits(value)) return value;
      const reserved = { resourcePath: path, resourcePathName: nameIn(path) };
      const resource = typed(value, path, reserved, []);
      if (resource.kind !== "map") return resource;
      const shared = usesOf(entryOf(resource, "is"), path, problems);
      const entries = resource.entries.flatMap((entry): Entry[] => {
        if (entry.key === "is") return [];
        if (!methods.has(entry.key)) return [entry];
        const where = `${path} ${entry.key}`;
        const uses = [...usesOf(entryOf(entry.value, "is"), where, problems), ...shared];
        let method = without(entry.value, "is");
        for (const use of uses) {
          const found = instance(use, trait, `${where} is`, { ...reserved, methodName: entry.key });
          if (found) method = merged(method, without(found.value, "is"), isOptional);
        }
        return [{ ...entry, value: method }];
      });
      return { ...resource, entries };
    },
  };
}

function hasTraits(value: Value): boolean {
  return (
    value.kind === "map" &&
    value.entries.some(({ key, value: one }) => methods.has(key) && entryOf(one, "is") !== undefined)
  );
}

function usesOf(is: Entry | undefined, where: string, problems: Problems): readonly Value[] {
  if (!is) return [];
  if (is.value.kind === "list") return is.value.items;
  problems.add(
    is.at,
    `${where} is: found ${formatValue(is.value)}, expected a list of traits: [${is.value.kind === "scalar" ? is.value.text : "paged"}]`,
  );
  return [];
}

/** A list of mappings in RAML 0.8, one mapping in RAML 1.0; either will do. */
function declarations(
  root: Value,
  { section }: Kind,
  version: "0.8" | "1.0",
  source: Source,
  problems: Problems,
): ReadonlyMap<string, Entry> {
  const declared = entryOf(root, section);
  const known = new Map(version === "1.0" ? libraryTemplates(root, section, source, problems) : []);
  const maps = declared?.value.kind === "list" ? declared.value.items : declared ? [declared.value] : [];
  for (const entry of maps.flatMap((map) => entriesOf(map, section, problems))) {
    const first: SourcePosition | undefined = known.get(entry.key)?.at;
    if (first) problems.add(entry.at, `${section} ${entry.key}: is on line ${first.line} already: keep one of them`);
    known.set(entry.key, entry);
  }
  return known;
}

/** The last part of a path that is no parameter: `users` of `/users/{id}`. */
function nameIn(path: string): string {
  return path.split("/").findLast((part) => part !== "" && !part.includes("{")) ?? "";
}
