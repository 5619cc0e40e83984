import { pointerKey } from "../../util/json-pointer.ts";
import { isRecord } from "../types.ts";
import type { Lookup } from "./alternatives.ts";

/** What may stand beside a `$ref` and says nothing of values. */
const silent = new Set(["$ref", "$schema", "$id", "$comment", "$defs", "definitions", "title", "description"]);

/** References that lead to references; more of them lead nowhere. */
const maxRefChain = 16;

/**
 * Resolver of `#/...` in one document (JSON Pointer as a URI fragment, RFC 6901, section 6).
 *
 * @param root The document.
 * @param lookup Is asked first, if there is one.
 *
 * @returns A function that takes a `$ref`, and gives undefined for one that leads nowhere.
 */
export function lookupIn(root: unknown, lookup?: Lookup): Lookup {
  return (ref) => lookup?.(ref) ?? pointedAt(root, ref);
}

/**
 * Finds what a schema that is nothing but a reference means.
 *
 * @param schema A JSON Schema.
 * @param lookup Finds what its references mean.
 *
 * @returns The schema that is referred to; the given one if it is more than a reference, or leads nowhere.
 */
export function target(schema: unknown, lookup: Lookup): unknown {
  let found = schema;
  for (let steps = 0; steps < maxRefChain; steps++) {
    if (!isRecord(found) || typeof found.$ref !== "string" || !Object.keys(found).every((key) => silent.has(key)))
      break;
    const next = lookup(found.$ref);
    if (next === undefined) break;
    found = next;
  }
  return found;
}

function pointedAt(root: unknown, ref: string): unknown {
  if (ref === "#") return root;
  if (!ref.startsWith("#/")) return undefined;
  let found: unknown = root;
  for (const key of ref.slice(2).split("/").map(pointerKey)) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
