import type * as v from "valibot";
import { entryRules, rootSchema, sectionRules } from "../../src/config/schema.ts";
import { projectsRule, sharedApiRule } from "../../src/config/schema-projects.ts";
import { examples, keys, keysOfProjects, keysOfTypes } from "./keys.ts";

/** Key of a configuration, as its schema has it. */
export interface ConfigurationKey {
  /** `api.cors.origins`; `datasources.NAME.type` */
  readonly path: string;
  /** What a message says that was expected. */
  readonly expected: string;
  /** JSON of what it is without it; undefined where that is nothing. */
  readonly fallback: string | undefined;
  readonly required: boolean;
}

type Schema = v.GenericSchema & {
  readonly wrapped?: Schema;
  readonly default?: unknown;
  readonly pipe?: readonly Schema[];
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly options?: readonly unknown[];
  readonly message?: unknown;
  readonly getter?: (input: unknown) => Schema;
  readonly item?: Schema;
};

/**
 * Lists the keys that the schemas of a configuration know.
 *
 * @returns The keys, section by section.
 */
export function configurationKeys(): ConfigurationKey[] {
  const root = rootSchema.entries as Readonly<Record<string, Schema>>;
  return Object.entries(root).flatMap(([section, schema]) => {
    const entry = (entryRules as Readonly<Record<string, { schema: unknown; builtIn: readonly string[] }>>)[section];
    const rule = (sectionRules as Readonly<Record<string, { schema: unknown }>>)[section];
    if (entry) {
      const known = keysOf(entry.schema as Schema, `${section}.NAME`);
      const others = entry.builtIn.map((key) => ({
        path: `${section}.NAME.${key}`,
        expected: "",
        fallback: undefined,
        required: false,
      }));
      return [...known, ...others];
    }
    return rule ? keysOf(rule.schema as Schema, section) : [keyOf(section, schema)];
  });
}

function keysOf(schema: Schema, path: string): ConfigurationKey[] {
  return Object.entries(schema.entries ?? {}).flatMap(([key, one]) => {
    const at = `${path}.${key}`;
    const below = mappingIn(one);
    return [keyOf(at, one), ...(below ? keysOf(below, at) : [])];
  });
}

function keyOf(path: string, schema: Schema): ConfigurationKey {
  const optional = schema.type === "nullish" || schema.type === "optional";
  const fallback = optional && schema.default !== undefined ? JSON.stringify(schema.default) : undefined;
  return { path, expected: expectedOf(schema), fallback, required: !optional };
}

/** The first message on the way in, which says what was expected. */
function expectedOf(schema: Schema): string {
  if (schema.options && schema.type === "picklist") return schema.options.join(" | ");
  if (typeof schema.message === "string") return schema.message;
  if (schema.wrapped) return expectedOf(schema.wrapped);
  if (schema.type === "lazy" && schema.getter) {
    const forms = [true, "x", [], {}].map((given) => expectedOf(schema.getter?.(given) as Schema));
    return [...new Set(forms.filter((form) => form !== "" && !form.startsWith("none but the keys")))].join("; or ");
  }
  for (const step of schema.pipe ?? []) {
    if (step !== schema) {
      const found = expectedOf({ ...step, pipe: undefined } as unknown as Schema);
      if (found !== "") return found;
    }
  }
  return schema.type === "boolean" ? "true or false" : "";
}

/** The mapping that a value may be, if it may be one. */
function mappingIn(schema: Schema): Schema | undefined {
  if (schema.entries) return schema;
  if (schema.wrapped) return mappingIn(schema.wrapped);
  if (schema.type === "lazy" && schema.getter) return mappingIn(schema.getter({}));
  for (const step of schema.pipe ?? []) {
    const found = mappingIn({ ...step, pipe: undefined } as unknown as Schema);
    if (found) return found;
  }
  return undefined;
}

/**
 * Page of all keys of a configuration, made from its schemas.
 *
 * @returns Markdown.
 */
export async function configurationPage(): Promise<string> {
  const known = configurationKeys().filter(({ path }) => !path.startsWith("datasinks."));
  const sections = Object.keys(rootSchema.entries).map((section) => {
    const rows = known
      .filter(({ path }) => path === section || path.startsWith(`${section}.`))
      .map((key) => [`\`${key.path}\``, cell(key.expected), defaultOf(key), keys[key.path] ?? ""]);
    const others = Object.entries(keysOfTypes)
      .filter(([path]) => path.startsWith(`${section}.`))
      .map(([path, says]) => [`\`${path}\``, "", "", says]);
    const lines = [...rows, ...others].map((cells) => `| ${cells.join(" | ")} |`);
    const table = ["| key | takes | unless told | what it says |", "| --- | --- | --- | --- |", ...lines].join("\n");
    const body = section === "datasinks" ? "The same keys as `datasources`." : table;
    return `## ${section}\n\n${body}\n\n\`\`\`yaml\n${examples[section]}\n\`\`\`\n`;
  });
  return `# Configuration\n\n${intro}\n${sections.join("\n")}\n${projectsSection()}`;
}

/**
 * Lists the keys that a configuration of several projects has.
 *
 * @returns The keys.
 */
export function projectsKeys(): ConfigurationKey[] {
  const entries = Object.entries(projectsRule.schema.entries as Readonly<Record<string, Schema>>);
  return entries.map(([key, schema]) => ({ ...keyOf(key, schema), required: key === "projects" }));
}

function projectsSection(): string {
  const rows = projectsKeys().map(
    (key) => `| \`${key.path}\` | ${cell(key.expected)} | ${defaultOf(key)} | ${keysOfProjects[key.path] ?? ""} |`,
  );
  const shared = Object.keys(sharedApiRule.schema.entries)
    .map((key) => `\`${key}\``)
    .join(", ");
  const table = ["| key | takes | unless told | what it says |", "| --- | --- | --- | --- |", ...rows].join("\n");
  return (
    "## Several projects\n\nInstead of the sections above, a configuration may name " +
    `[several projects](../guide/13.several-models.md).\n\n${table}\n\nBelow \`api\` they share ${shared}.\n\n` +
    "```yaml\nprojects: [models/*, s3://models/prices/launchpad.yml]\nmax_loaded: 20\n```\n"
  );
}

const intro = `Found by \`-c FILE\`, else in the environment variable \`LAUNCHPAD_CFG\`, else \`./LAUNCHPAD_CFG.yml\`, else
\`./launchpad.yml\`. Relative paths are relative to the file they stand in. Several \`-c\` are merged, the last wins: \`-c
model.yml -c production.yml\` moves a model to other places without touching its code. \`!include other.yml\` takes in
another file.

Below \`dbms\`, \`datasources\`, \`datasinks\` and \`model_store\`, a key that ends in \`_var\` takes its value from an
environment variable: \`auth_token_var: DB_TOKEN\` gives \`auth_token\`. Secrets are filled in when they are needed, and are
never logged or stored.
`;

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function defaultOf({ required, fallback }: ConfigurationKey): string {
  if (required) return "needed";
  return fallback === undefined ? "" : `\`${fallback}\``;
}
