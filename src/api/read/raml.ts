import type { Logger } from "../../log.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import type { ApiDefinition } from "../definition.ts";
import { readYaml } from "./file/document.ts";
import { type Fields, present } from "./file/fields.ts";
import type { Included } from "./file/include.ts";
import { createProblems, type Problems } from "./file/problems.ts";
import { type Entry, entryOf, type SourcePosition, type Value } from "./file/value.ts";
import { readMediaTypes } from "./raml/body.ts";
import { fieldsOf, type RamlContext, type Version } from "./raml/context.ts";
import { documentationKeys, isResourceKey, keyTables } from "./raml/keys.ts";
import { createRaml1 } from "./raml/raml1.ts";
import { createRaml08, declaredSchemas } from "./raml/raml08.ts";
import { readResource } from "./raml/resource.ts";
import { readTemplates } from "./raml/templates.ts";

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

/**
 * Reads a RAML 0.8 (https://github.com/raml-org/raml-spec/blob/master/versions/raml-08/raml-08.md) or 1.0
 * (https://github.com/raml-org/raml-spec/blob/master/versions/raml-10/raml-10.md) file.
 *
 * @param text The file.
 * @param options Its name, what it includes, the log, and the version that it must have.
 *
 * @returns The definition of the API.
 *
 * @throws API_INVALID with every problem, each with its line, when the file is not as it should be.
 */
export function readRaml(text: string, options: RamlOptions): ApiDefinition {
  const { file, url, included, cwd, log } = options;
  const problems = createProblems(log);
  const start: SourcePosition = { file, line: 1 };
  const version = readHeader(text, start, problems);
  const source = { file, url, included, cwd };
  const root = readYaml(text, source, problems);
  if (!root) problems.raise();
  const value: Value = root ?? { kind: "map", at: start, entries: [] };
  const fields = fieldsOf(value, "API", keyTables[version].file, problems, isResourceKey);
  const title = readText(fields, "title", "Iris API", problems);
  const own = readVersion(fields, start, options.version, problems);
  const description = [fields.text("description"), readDocumentation(fields.entry("documentation"), problems)];
  const schemas: Record<string, JsonSchema> = Object.create(null);
  const context: RamlContext = {
    problems,
    schemas,
    dialect:
      version === "0.8"
        ? createRaml08(declaredSchemas(entryOf(value, "schemas")?.value, problems), schemas, problems)
        : createRaml1(value, source, schemas, problems),
    templates: readTemplates(value, version, source, problems),
    mediaTypes: readMediaTypes(fields),
    shapes: new Map(),
    lines: {},
  };
  const resources = fields.rest.flatMap((entry) => readResource(entry, context));
  // Where something else is wrong, that may well be why there is none.
  problems.raise();
  if (resources.length === 0)
    problems.add(start, "no resource has a get or a post: expected /predictions: {get: {...}}");
  problems.raise();
  return {
    title: title ?? "",
    version: own ?? "",
    ...present({ description: description.filter(Boolean).join("\n\n") || undefined }),
    resources,
    ...(Object.keys(schemas).length > 0 && { schemas: { ...schemas } }),
    // ML Launchpad, whose files are RAML 0.8, never looked at what a file says of its responses.
    source: { file, results: version === "0.8" ? "warn" : "check", lines: context.lines },
  };
}

function readHeader(text: string, start: SourcePosition, problems: Problems): Version {
  const first = (text.replace(/^\uFEFF/, "").split(/\r?\n/, 1)[0] ?? "").trimEnd();
  const [, version, fragment] = /^#%RAML (0\.8|1\.0)(?: (\w+))?$/.exec(first) ?? [];
  if (version !== undefined && fragment === undefined) return version as Version;
  const found = `found ${JSON.stringify(first.slice(0, 60))}`;
  if (fragment === undefined) problems.add(start, `${found}, expected #%RAML 0.8 or #%RAML 1.0`);
  else problems.add(start, `${found}, which is a part of an API: expected the file of the whole API, #%RAML 1.0`);
  // What follows is another language: its problems would only mislead.
  if (first.startsWith("#%RAML")) problems.raise();
  return "0.8";
}

function readVersion(
  fields: Fields,
  start: SourcePosition,
  model: string | undefined,
  problems: Problems,
): string | undefined {
  // Both versions of RAML let it out where no URI needs it; the model has one.
  if (fields.entry("version") === undefined && model !== undefined) return model;
  const version = readText(fields, "version", model ?? "v0", problems);
  const major = /^v?(\d+)(?=\D|$)/.exec(version ?? "")?.[1];
  const at = fields.entry("version")?.at ?? start;
  if (version !== undefined && major === undefined) {
    problems.add(at, `version: found ${version}, expected v and the major version of the model: ${model ?? "v0"}`);
  } else if (major !== undefined && model !== undefined && `v${major}` !== model) {
    problems.add(
      at,
      `version: found ${version}, and the model's version in the configuration makes it ${model}: make them agree`,
    );
  }
  return major === undefined ? undefined : `v${major}`;
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
    const fields = fieldsOf(item, "documentation", documentationKeys, problems);
    const title = fields.text("title")?.trim() ?? "";
    const content = fields.text("content")?.trim() ?? "";
    return [title && `## ${title}`, content].filter(Boolean).join("\n\n");
  });
  return sections.join("\n\n") || undefined;
}
