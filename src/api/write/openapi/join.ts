import { componentName, takeName } from "../../../util/unique-name.ts";
import type { OpenApiDocument } from "../openapi.ts";
import type { Part } from "./parameters.ts";

/** Document of one API among several. */
export interface NamedDocument {
  /** Name of the model. */
  readonly name: string;
  /** What its paths begin with. */
  readonly basePath: string;
  readonly document: OpenApiDocument;
}

const methods = new Set(["get", "post", "put", "patch", "delete", "options", "head", "trace"]);

/** Keywords whose value is data: what looks like a reference there is none. */
const data = new Set(["enum", "const", "default", "example", "examples"]);

/** Keywords whose value is a mapping by names that anybody may have chosen. */
const mappings = new Set([
  ...["paths", "responses", "schemas", "headers", "content", "encoding", "parameters"],
  ...["properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "mapping"],
]);

const reference = /^#\/components\/([^/]+)\/([^/]+)(.*)$/s;

/**
 * Joins the OpenAPI documents of several APIs: paths in full, a tag for each model. Components that are the same in all keep
 * their names and are there once; others are named after their model.
 *
 * @param title The title of the whole.
 * @param documents The documents.
 *
 * @returns One document, whose paths follow its own URL.
 */
export function joinDocuments(title: string, documents: readonly NamedDocument[]): OpenApiDocument {
  const differing = differingComponents(documents);
  const paths: Record<string, unknown> = {};
  const components: Record<string, Record<string, unknown>> = {};
  const ids = new Set<string>();
  for (const { name, basePath, document } of documents) {
    const own = (kind: string, key: string) =>
      differing.has(`${kind}/${key}`) ? componentName(`${name}.${key}`) : key;
    const renamed = (ref: string) =>
      ref.replace(
        reference,
        (_, kind: string, key: string, rest: string) => `#/components/${kind}/${own(kind, key)}${rest}`,
      );
    for (const [path, item] of Object.entries(mapReferences(document.paths, renamed, true) as Part)) {
      paths[basePath + path] = Object.fromEntries(
        Object.entries(item as Part).map(([key, inner]) =>
          methods.has(key) ? [key, ofModel(name, inner as Part, ids)] : [key, inner],
        ),
      );
    }
    for (const [kind, parts] of Object.entries(document.components ?? {})) {
      const known = components[kind] ?? {};
      for (const [key, part] of Object.entries(parts as Part)) known[own(kind, key)] = mapReferences(part, renamed);
      components[kind] = known;
    }
  }
  return {
    openapi: "3.1.0",
    info: { title, version: "1" },
    servers: [{ url: "." }],
    paths,
    ...(Object.keys(components).length > 0 && { components }),
    tags: documents.map(({ name, document: { info } }) => ({
      name,
      description: info.description ?? `${info.title} ${info.version}`,
    })),
  };
}

function ofModel(name: string, operation: Part, ids: Set<string>): Part {
  const words = `${name}_${operation.operationId}`.replace(/[^A-Za-z0-9_]+/g, "_");
  return { ...operation, operationId: takeName(words, ids), tags: [name] };
}

/** `schemas/NAME` of components that documents have under one name, and that differ, themselves or in what they refer to. */
function differingComponents(documents: readonly NamedDocument[]): ReadonlySet<string> {
  const texts = new Map<string, string>();
  const several = new Map<string, Set<string>>();
  const differing = new Set<string>();
  for (const { document } of documents) {
    for (const [kind, parts] of Object.entries(document.components ?? {})) {
      for (const [key, part] of Object.entries(parts as Part)) {
        const id = `${kind}/${key}`;
        const text = JSON.stringify(part);
        const known = texts.get(id);
        texts.set(id, text);
        if (known !== undefined && known !== text) differing.add(id);
        const refs = several.get(id) ?? new Set();
        mapReferences(part, (ref) => {
          const [, to = "", name = ""] = reference.exec(ref) ?? [];
          refs.add(`${to}/${name}`);
          return ref;
        });
        several.set(id, refs);
      }
    }
  }
  for (let before = -1; before !== differing.size; ) {
    before = differing.size;
    for (const [id, refs] of several) if ([...refs].some((ref) => differing.has(ref))) differing.add(id);
  }
  return differing;
}

function mapReferences(value: unknown, change: (ref: string) => string, isMapping = false): unknown {
  if (Array.isArray(value)) return value.map((inner) => mapReferences(inner, change));
  if (typeof value !== "object" || value === null || ("$id" in value && !isMapping)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (isMapping)
        return [key, typeof inner === "string" && inner.startsWith("#") ? change(inner) : mapReferences(inner, change)];
      if (data.has(key)) return [key, inner];
      if (key === "$ref" && typeof inner === "string") return [key, change(inner)];
      return [key, mapReferences(inner, change, mappings.has(key) && !Array.isArray(inner))];
    }),
  );
}
