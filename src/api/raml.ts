import type { Logger } from "../log.ts";
import type { ApiDefinition } from "./definition.ts";
import { readYaml } from "./file/document.ts";
import { type Fields, readFields } from "./file/fields.ts";
import type { Included } from "./file/include.ts";
import { createProblems, type Problems } from "./file/problems.ts";
import type { Entry, Place, Value } from "./file/value.ts";
import { keyTables } from "./raml/keys.ts";
import { isResourceKey, readResource } from "./raml/resource.ts";
import { readSchemas } from "./raml/result.ts";

/** What is known of a RAML file besides its text. */
export interface RamlOptions {
  /** The name of the file, for messages. */
  readonly file: string;
  /** Its URL, which included files are relative to. */
  readonly url?: URL | undefined;
  /** What it includes, from `loadIncluded`. */
  readonly included?: Included | undefined;
  /** The folder that messages show the names of included files from. */
  readonly cwd?: URL | undefined;
  /** Gets a warning, with its line, for what the file says in vain. */
  readonly log?: Logger;
  /** `v` and the major version of the model; the file must say the same. */
  readonly version?: string;
}

const header = "#%RAML 0.8";

/**
 * Reads a RAML 0.8 file (https://github.com/raml-org/raml-spec/blob/master/versions/raml-08/raml-08.md).
 *
 * @param text The file.
 * @param options Its name, the log, and the version that it must have.
 *
 * @returns The definition of the API.
 *
 * @throws API_INVALID with every problem, each with its line, when the file is not as it should be.
 */
export function readRaml(text: string, options: RamlOptions): ApiDefinition {
  const problems = createProblems(options.log);
  const start: Place = { file: options.file, line: 1 };
  checkHeader(text, start, problems);
  const root = readYaml(text, { file: options.file }, problems);
  if (!root) problems.raise();
  const value: Value = root ?? { kind: "map", at: start, entries: [] };
  const fields = readFields(value, "API", keyTables.file, problems, isResourceKey);
  const title = readText(fields, "title", "Iris API", problems);
  const version = readText(fields, "version", options.version ?? "v0", problems);
  if (version !== undefined && options.version !== undefined && version !== options.version) {
    problems.add(
      fields.entry("version")?.at ?? start,
      `version: found ${version}, and the model's version in the configuration makes it ${options.version}: make them agree`,
    );
  }
  const description = readDocumentation(fields.entry("documentation"), problems);
  const schemas = fields.entry("schemas");
  const context = { problems, schemas: schemas ? readSchemas(schemas.value, problems) : new Map(), shapes: new Map() };
  const resources = fields.rest.flatMap((entry) => readResource(entry, context));
  // Where something else is wrong, that may well be why there is none.
  problems.raise();
  if (resources.length === 0)
    problems.add(start, "no resource has a get or a post: expected /predictions: {get: {...}}");
  problems.raise();
  return {
    title: title ?? "",
    version: version ?? "",
    ...(description !== undefined && { description }),
    resources,
  };
}

function checkHeader(text: string, start: Place, problems: Problems): void {
  const first = (text.replace(/^\uFEFF/, "").split(/\r?\n/, 1)[0] ?? "").trimEnd();
  if (first === header) return;
  const found = JSON.stringify(first.slice(0, 60));
  problems.add(start, `found ${found}, expected ${header}`);
  // What follows is another language: its problems would only mislead.
  if (first.startsWith("#%RAML")) problems.raise();
}

function readText(fields: Fields, key: string, example: string, problems: Problems): string | undefined {
  const value = fields.value(key);
  if (value?.kind === "scalar" && value.text.trim() !== "") return value.text;
  const at = fields.entry(key)?.at ?? { ...fields.described.at, line: 1 };
  problems.add(at, `${key} is ${fields.entry(key) ? "not text" : "missing"}: expected ${key}: ${example}`);
  return undefined;
}

/** The sections of the documentation, as one text in Markdown. */
function readDocumentation(entry: Entry | undefined, problems: Problems): string | undefined {
  if (!entry) return undefined;
  const items = entry.value.kind === "list" ? entry.value.items : [entry.value];
  const sections = items.map((item) => {
    const fields = readFields(item, "documentation", keyTables.documentation, problems);
    const title = fields.text("title")?.trim() ?? "";
    const content = fields.text("content")?.trim() ?? "";
    return [title && `## ${title}`, content].filter(Boolean).join("\n\n");
  });
  return sections.join("\n\n") || undefined;
}
