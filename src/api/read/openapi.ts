import type { Logger } from "../../log.ts";
import type { ApiDefinition } from "../definition.ts";
import { readYaml } from "./file/document.ts";
import { entriesOf, type Fields, itemsOf, present } from "./file/fields.ts";
import { createProblems, type Problems } from "./file/problems.ts";
import type { Dialect } from "./file/schema-context.ts";
import { entryOf, formatValue, type SourcePosition, type Value } from "./file/value.ts";
import { createContext, type OpenApiContext } from "./openapi/context.ts";
import { keyTables } from "./openapi/keys.ts";
import { readPath, type Shapes } from "./openapi/resource.ts";

/** What is known of an OpenAPI file besides its text. */
export interface OpenApiOptions {
  /** The name of the file, for messages. */
  readonly file: string;
  /** Gets a warning, with its line, for what the file says in vain. */
  readonly log?: Logger;
  /** `v` and the major version of the model; that of `info.version` must be the same. */
  readonly version?: string;
  /** What Launchpad serves the paths below; a server of the file whose path is another gets a warning. */
  readonly basePath?: string;
}

/**
 * Reads an OpenAPI 3.0 or 3.1 file (https://spec.openapis.org/oas/v3.1.1.html) in YAML or JSON.
 *
 * @param text The file.
 * @param options Its name, the log, and what the configuration says.
 *
 * @returns The definition of the API.
 *
 * @throws API_INVALID with every problem, each with its line, when the file is not as it should be.
 */
export function readOpenApi(text: string, options: OpenApiOptions): ApiDefinition {
  const problems = createProblems(options.log);
  const start: SourcePosition = { file: options.file, line: 1 };
  const root = readYaml(text, { file: options.file }, problems);
  problems.raise();
  const value: Value = root ?? { kind: "map", at: start, entries: [] };
  const dialect = readDialect(value, problems);
  const context = createContext(value, dialect, problems);
  const fields = context.fields(value, "API", keyTables.file);
  const { title, version, description } = readInfo(fields, context, options.version);
  checkServers(fields, context, options.basePath);
  checkComponents(fields, context);

  const paths = fields.value("paths");
  const shapes: Shapes = new Map();
  const resources = (paths ? entriesOf(paths, "paths", problems) : []).flatMap((entry) => {
    if (entry.key.startsWith("x-")) return [];
    return readPath(entry, context, shapes);
  });
  // Where something else is wrong, that may well be why there is none.
  problems.raise();
  if (resources.length === 0) {
    const at = fields.entry("paths")?.at ?? start;
    problems.add(at, "paths: none has a get or a post: expected paths: { /predictions: { post: {...} } }");
  }
  problems.raise();
  const schemas = { ...context.schemas };
  return {
    title,
    version,
    ...present({ description }),
    resources,
    ...(Object.keys(schemas).length > 0 && { schemas }),
    source: { file: options.file, results: "check", lines: context.lines },
  };
}

function readDialect(root: Value, problems: Problems): Dialect {
  const openapi = entryOf(root, "openapi")?.value;
  const version = openapi?.kind === "scalar" ? openapi.text : "";
  if (/^3\.1(\.\d+)?$/.test(version)) return "openapi-3.1";
  if (/^3\.0(\.\d+)?$/.test(version)) return "openapi-3.0";
  const swagger = entryOf(root, "swagger");
  if (swagger) problems.add(swagger.at, `swagger: ${keyTables.file.swagger.refused}`);
  else {
    const found = openapi ? `found ${formatValue(openapi)}` : "is missing";
    problems.add(openapi?.at ?? root.at, `openapi: ${found}, expected "3.1.0" or "3.0.3"`);
  }
  // What follows is another language: its problems would only mislead.
  problems.raise();
  return "openapi-3.1";
}

function readInfo(fields: Fields, context: OpenApiContext, model: string | undefined) {
  const value = fields.value("info");
  if (!value) fields.problem("info", 'is missing: expected info: { title: Iris API, version: "1.0.0" }');
  const info = context.fields(value ?? { ...fields.described, kind: "map", entries: [] }, "info", keyTables.info);
  const [title, version] = (["title", "version"] as const).map((key) => {
    const text = info.text(key);
    if (value && (text === undefined || text.trim() === "")) {
      info.problem(key, `is missing: expected ${key}: ${key === "title" ? "Iris API" : '"1.0.0"'}`);
    }
    return text ?? "";
  });
  const major = /^v?(\d+)(\D|$)/.exec(version ?? "")?.[1];
  if (version && major === undefined) {
    info.problem(
      "version",
      `found ${JSON.stringify(version)}, expected a version that begins with a whole number: "1.0.0"`,
    );
  } else if (major !== undefined && model !== undefined && `v${major}` !== model) {
    info.problem(
      "version",
      `found ${version}, whose major version is ${major}, and the model's version in the configuration makes it ${model}: make them agree`,
    );
  }
  return {
    title: title ?? "",
    version: major === undefined ? "" : `v${major}`,
    description: info.text("description") ?? info.text("summary"),
  };
}

/** What a file says of its servers is right or wrong, but nothing depends on it. */
function checkServers(fields: Fields, context: OpenApiContext, basePath: string | undefined): void {
  const servers = fields.value("servers");
  if (!servers) return;
  for (const item of itemsOf(servers, "servers", context.problems)) {
    const url = context.fields(item, "servers", keyTables.server).text("url") ?? "/";
    const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "").replace(/\/+$/, "");
    if (basePath === undefined || path === basePath) continue;
    const message = `servers: ${url} is ignored: Launchpad serves the paths below ${basePath}, as the configuration says`;
    context.problems.warn(item.at, `server ${url}`, message);
  }
}

const sections = [
  "schemas",
  "parameters",
  "requestBodies",
  "responses",
  "headers",
  "examples",
  "securitySchemes",
  "links",
  "callbacks",
  "pathItems",
];

/** What is in the components is read where it is referred to. */
function checkComponents(fields: Fields, context: OpenApiContext): void {
  const components = fields.value("components");
  if (!components) return;
  const table = Object.fromEntries(sections.map((section) => [section, "read" as const]));
  const known = context.fields(components, "components", table);
  for (const section of sections) {
    const value = known.value(section);
    if (value) entriesOf(value, `components ${section}`, context.problems);
  }
}
