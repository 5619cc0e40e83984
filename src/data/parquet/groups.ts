import type { SchemaElement, SchemaTree } from "hyparquet";

/**
 * Tells whether an element is a map, whichever of its two names the writer used.
 *
 * @param tree The element.
 *
 * @returns The repeated group that holds keys and values; undefined for anything else.
 */
export function entriesOf({ element, children }: SchemaTree): SchemaTree | undefined {
  const named = element.logical_type?.type === "MAP" || /^MAP/.test(element.converted_type ?? "");
  const [entries] = children;
  if (!named || children.length !== 1 || entries?.element.repetition_type !== "REPEATED") return undefined;
  return entries.children.length === 2 || entries.children.length === 1 ? entries : undefined;
}

/**
 * Tells whether an element is a list.
 *
 * @param element The element.
 *
 * @returns Whether its annotation says so.
 */
export function isList({ logical_type: type, converted_type: older }: SchemaElement): boolean {
  return type?.type === "LIST" || older === "LIST";
}
