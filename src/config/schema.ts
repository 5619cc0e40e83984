import * as v from "valibot";
import { bytesOf } from "../util/memory.ts";
import { didYouMean, enumerate } from "../util/suggest.ts";
import { card } from "./card.ts";
import { auth, limits, networks } from "./doors/schema-doors.ts";
import { gateForm, parseGate } from "./gate.ts";
import { jobs } from "./jobs/schema-jobs.ts";
import { namePattern, nameRule } from "./names.ts";
import { compression, cors, metrics, predictionLog, responseHeaders, timeout } from "./schema-api.ts";
import { isVerifyKey } from "./verify-key.ts";
import { drift } from "./watch/schema-drift.ts";
import { rollout } from "./watch/schema-rollout.ts";

// A message is what follows "expected": what it takes, and then a sentence on what to do.

const text = (expected: string) => v.pipe(v.string(expected), v.nonEmpty(expected));

const name = (what: string) => {
  const expected = `${what}: ${nameRule}`;
  return v.pipe(v.string(expected), v.regex(namePattern, expected));
};

const choice = <const Choices extends readonly string[]>(choices: Choices) =>
  v.picklist(choices, (issue) => `${enumerate(choices)}.${didYouMean(issue.input, choices)}`.replace(/\.$/, ""));

const mapping = (what: string) => v.custom<Record<string, unknown>>(isMapping, what);

const version = () => {
  const expected = `a version that begins with a whole number, such as "1.0.0" (${nameRule})`;
  return v.pipe(v.string(expected), v.regex(namePattern, expected), v.regex(/^\d/, expected));
};

/** One tag is as good as a list of one. */
const tags = v.pipe(
  v.unknown(),
  v.transform((given) => (typeof given === "string" ? [given] : given)),
  v.array(choice(["train", "test", "predict"]), "a list of train, test and predict"),
);

const wholeAbove = (least: number, expected: string) =>
  v.pipe(v.number(expected), v.integer(expected), v.minValue(least, expected));

const seconds = "a number of seconds: -1 to keep what was read for ever, 0 to keep nothing";

const data = v.object({
  type: text("the type of the data, such as csv or dbms.NAME"),
  tags: v.nullish(tags, []),
  expires: v.nullish(v.pipe(v.number(seconds), v.finite(seconds), v.minValue(-1, seconds))),
  cache_size: v.nullish(wholeAbove(1, "a whole number of results to keep, at least 1")),
  options: v.nullish(mapping("a mapping of options")),
});

/** The top level: which sections there are. */
export const rootSchema = v.object({
  plugins: v.nullish(v.array(text("the path or package of a plugin"), "a list of paths and packages"), []),
  dbms: v.nullish(mapping("a mapping of databases by name"), {}),
  datasources: v.nullish(mapping("a mapping of data sources by name"), {}),
  datasinks: v.nullish(mapping("a mapping of data sinks by name"), {}),
  model_store: mapping('the section model_store, with at least "location"'),
  model: mapping('the section model, with at least "name", "version" and "module"'),
  api: v.nullish(mapping('a section with at least "name"')),
  drift: v.nullish(mapping("a mapping; {} for what is usual")),
  auth: v.nullish(mapping("a section with api_keys, jwt, mtls or proxy")),
  limits: v.nullish(mapping("a section of limits")),
});

const delay = "a number of milliseconds";
const memory = "an amount of memory, such as 2GB or 512MB";
const isMemory = (given: string | number) => bytesOf(given) !== undefined;

const model = v.object({
  name: name("the name of the model"),
  version: version(),
  module: text("the module of the model, such as tree_model for tree_model.ts"),
  order_columns_not_used_warning: v.nullish(choice(["always", "test_and_predict", "never"]), "always"),
  gates: v.nullish(
    v.pipe(
      mapping("a mapping of gates by metric"),
      v.record(
        v.string(),
        v.custom<string>((given) => typeof given === "string" && parseGate(given) !== undefined, gateForm),
      ),
    ),
  ),
  breaking: v.nullish(choice(["refuse", "warn", "allow"])),
  serve: v.nullish(name("the alias whose run serves")),
  rollout,
  type: v.nullish(text("the type of the model, such as python")),
  location: v.nullish(mapping("a mapping of what stands beside the path of a data source, such as endpoint")),
  engine: v.nullish(choice(["portable", "onnxruntime"])),
  python: v.nullish(text("the Python that runs the model, such as ./.venv/bin/python")),
  processes: v.nullish(wholeAbove(1, "a whole number of processes that predict, at least 1")),
  batch: v.nullish(
    v.object({
      max_rows: v.nullish(wholeAbove(1, "a whole number of rows, at least 1"), 64),
      max_delay_ms: v.nullish(v.pipe(v.number(delay), v.finite(delay), v.minValue(0, delay)), 2),
    }),
  ),
  frames: v.nullish(choice(["pandas", "polars", "arrow"])),
  export: v.nullish(choice(["onnx", "skops", "xgboost", "lightgbm", "catboost"])),
  pickle: v.nullish(choice(["warn", "allow", "refuse"])),
  card,
  memory_limit: v.nullish(v.pipe(v.union([v.string(memory), v.number(memory)], memory), v.check(isMemory, memory))),
});

/** Protocols in which models can be asked; those of src/server/protocols. */
export const protocolNames = [
  "oip",
  "kserve-v1",
  "mlflow",
  "sagemaker",
  "vertex",
  "bigquery",
  "snowflake",
  "mcp",
] as const;

/** Whether a text is a URL to which the name of an error can be added. */
function isPage(given: unknown): boolean {
  return typeof given === "string" && /^https?:\/\/[^\s#]+$/.test(given) && URL.canParse(given);
}

const api = v.object({
  name: name("the name of the API, which is part of its path"),
  raml: v.nullish(text("the path of a RAML file")),
  openapi: v.nullish(text("the path of an OpenAPI file")),
  resource: v.nullish(name("the name of the resource, which is part of its path"), "predictions"),
  preload_datasources: v.nullish(v.boolean("true or false"), false),
  root_path: v.nullish(text("the path of a folder")),
  static: v.nullish(text("the path of a folder")),
  max_body_bytes: v.nullish(wholeAbove(1, "a whole number of bytes, at least 1")),
  batch: v.nullish(v.boolean("true or false")),
  max_batch_bytes: v.nullish(wholeAbove(1, "a whole number of bytes, at least 1")),
  max_batch_rows: v.nullish(wholeAbove(1, "a whole number of rows, at least 1")),
  unknown_parameters: v.nullish(choice(["refuse", "ignore"])),
  results: v.nullish(choice(["check", "warn", "off"])),
  trusted_proxies: networks,
  docs: v.nullish(v.boolean("true or false"), true),
  pages: v.nullish(v.boolean("true or false")),
  admin: v.nullish(v.boolean("true or false"), false),
  admin_token_var: v.nullish(text("the name of an environment variable")),
  timeout,
  cors,
  response_headers: responseHeaders,
  compression,
  problem_types: v.nullish(v.custom<string>(isPage, "the URL of the page about errors, without `#`")),
  access_log: v.nullish(v.boolean("true or false"), false),
  protocols: v.nullish(v.array(choice(protocolNames), "a list of protocols, such as [oip, mlflow]")),
  metrics,
  log: predictionLog,
  jobs,
});

const refresh = "a number of seconds: 0 to look for a newer model never";
const verifyKey = v.custom<string>(
  (given) => typeof given === "string" && isVerifyKey(given),
  "a public key of Ed25519 (SPKI in base64, 60 characters). launchpad models keygen prints a pair of keys",
);

const modelStore = v.object({
  location: text("the folder or URL of the model store, such as ./model_store"),
  refresh: v.nullish(v.pipe(v.number(refresh), v.finite(refresh), v.minValue(0, refresh)), 30),
  sign_key: v.nullish(
    v.custom<never>(() => false, "none here: a private key belongs in a variable. Name it by sign_key_var"),
  ),
  verify_key: v.nullish(
    v.pipe(
      v.unknown(),
      v.transform((given) => (typeof given === "string" ? [given] : given)),
      v.pipe(v.array(verifyKey, "a public key, or a list of them"), v.minLength(1, "at least one public key")),
    ),
  ),
});

/** What holds for a section, or for every entry of one. */
export interface Rule {
  readonly schema: v.ObjectSchema<v.ObjectEntries, undefined>;
  /** Keys of the types that are built in; with plugins, a key like one of these may belong to a type of theirs. */
  readonly builtIn: readonly string[];
  /** Whether `x_var` can give `x`. */
  readonly variables: boolean;
  /** Keys that may not come from a variable, because they are needed before any is read. */
  readonly literal: readonly string[];
}

/** Where a file is, and how it is reached: keys that a misspelt one may mean. */
const locationKeys = [
  "path",
  "timeout",
  "deadline",
  "max_bytes",
  "compression",
  "headers",
  "redirects",
  "endpoint",
  "region",
];
const keysOfS3 = ["access_key_id", "secret_access_key", "session_token"];

const dataRule: Rule = {
  schema: data,
  builtIn: [...locationKeys, ...keysOfS3, "dtypes_path", "query", "table"],
  variables: true,
  literal: Object.keys(data.entries),
};

/** The sections that are a mapping of entries by name. */
export const entryRules = {
  dbms: {
    schema: v.object({ type: text("the type of the database, such as sql") }),
    builtIn: ["url", "connection_string", "host", "port", "user", "password", "database", "auth_token", "options"],
    variables: true,
    literal: ["type"],
  },
  datasources: dataRule,
  datasinks: dataRule,
} as const satisfies Record<string, Rule>;

/** The other sections. */
export const sectionRules = {
  model_store: {
    schema: modelStore,
    builtIn: [],
    variables: true,
    literal: ["refresh"],
  },
  model: { schema: model, builtIn: [], variables: false, literal: [] },
  api: { schema: api, builtIn: [], variables: false, literal: [] },
  drift: { schema: drift, builtIn: [], variables: false, literal: [] },
  auth: { schema: auth, builtIn: [], variables: true, literal: ["public"] },
  limits: { schema: limits, builtIn: [], variables: false, literal: [] },
} as const satisfies Record<string, Rule>;

/** The rule of the top level. */
export const rootRule: Rule = { schema: rootSchema, builtIn: [], variables: false, literal: [] };

/**
 * Tells whether a value is a mapping.
 *
 * @param value A plain value.
 *
 * @returns Whether it is an object and not a list.
 */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
