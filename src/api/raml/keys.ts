import { misspelt } from "../../config/suggest.ts";
import type { Entry, Value } from "./document.ts";
import type { Problems } from "./problems.ts";

/**
 * What happens to a key: `read`; `metadata`, which changes nothing and is for people; `ignored`, which is logged, with
 * the reason; `refused`, because leaving it out would change what the API does.
 */
export type KeyUse = "read" | "metadata" | { readonly ignored: string } | { readonly refused: string };

/** The known keys of one kind of mapping. */
export type KeyTable = Readonly<Record<string, KeyUse>>;

const security = { ignored: "Launchpad does not check who calls: leave that to what stands in front of it" };
const protocols = { ignored: "what stands in front of Launchpad decides about the protocol" };
const method = { ignored: "Launchpad serves GET and POST" };
const traits = { refused: "traits are not supported: write what they say where it is needed" };
const resourceTypes = { refused: "resource types are not supported: write what they say where it is needed" };
const raml1 = { refused: "this is RAML 1.0, and Launchpad reads RAML 0.8: describe each parameter where it is used" };
const misplaced = { refused: "is expected below a media type: application/x-www-form-urlencoded" };
const formOnly = { refused: "is not supported for a form: describe its fields below formParameters" };

/** The one table of the keys of RAML 0.8, by where they stand. */
export const keyTables = {
  file: {
    title: "read",
    version: "read",
    documentation: "read",
    schemas: "read",
    baseUri: "metadata",
    baseUriParameters: "metadata",
    mediaType: { ignored: "name the media type below each body" },
    protocols,
    securitySchemes: security,
    securedBy: security,
    resourceTypes,
    traits,
    types: raml1,
    uses: raml1,
  },
  documentation: { title: "read", content: "read" },
  resource: {
    displayName: "read",
    description: "read",
    uriParameters: "read",
    get: "read",
    post: "read",
    baseUriParameters: "metadata",
    put: method,
    delete: method,
    patch: method,
    head: { ignored: "Launchpad answers HEAD wherever it answers GET" },
    options: { ignored: "Launchpad answers OPTIONS itself" },
    trace: method,
    connect: method,
    securedBy: security,
    is: traits,
    type: resourceTypes,
  },
  method: {
    description: "read",
    queryParameters: "read",
    body: "read",
    responses: "read",
    displayName: "metadata",
    baseUriParameters: "metadata",
    headers: { ignored: "Launchpad passes no headers to the model" },
    formParameters: { refused: "is expected below body: application/x-www-form-urlencoded:" },
    protocols,
    securedBy: security,
    is: traits,
  },
  body: {
    "application/x-www-form-urlencoded": "read",
    "application/json": "read",
    "multipart/form-data": {
      refused: "files are not supported: expected application/x-www-form-urlencoded with formParameters",
    },
    formParameters: misplaced,
    schema: misplaced,
    example: misplaced,
  },
  form: { formParameters: "read", example: "metadata", schema: formOnly },
  jsonBody: {
    example: "metadata",
    schema: {
      refused:
        "schemas of JSON bodies are not supported: describe the fields as queryParameters, and POST them as JSON",
    },
    formParameters: {
      refused: "is expected below application/x-www-form-urlencoded; POST takes the fields as JSON too",
    },
  },
  response: {
    description: "read",
    body: "read",
    headers: { ignored: "Launchpad sets the headers of a response itself" },
  },
  responseBody: { "application/json": "read" },
  result: { schema: "read", example: "read" },
  parameter: {
    type: "read",
    required: "read",
    default: "read",
    enum: "read",
    minimum: "read",
    maximum: "read",
    minLength: "read",
    maxLength: "read",
    pattern: "read",
    repeat: "read",
    example: "read",
    displayName: "read",
    description: "read",
  },
} as const satisfies Record<string, KeyTable>;

/** What a mapping held: its known keys, and the others that somebody else reads. */
export interface Fields {
  readonly known: ReadonlyMap<string, Entry>;
  readonly rest: readonly Entry[];
}

/**
 * Reads a mapping by the table of its keys. What is refused becomes a problem, so does what looks like a misspelt
 * key; what is ignored is logged.
 *
 * @param value The mapping; an empty value is one without keys.
 * @param where What it describes, for messages.
 * @param table The known keys.
 * @param problems Gets what is wrong.
 * @param isRest Tells which further keys somebody else reads.
 *
 * @returns The keys that are read.
 */
export function readFields(
  value: Value,
  where: string,
  table: KeyTable,
  problems: Problems,
  isRest: (key: string) => boolean = () => false,
): Fields {
  const known = new Map<string, Entry>();
  const rest: Entry[] = [];
  const entries = entriesOf(value, where, problems);
  const absent = new Set(Object.keys(table));
  for (const { key } of entries) absent.delete(key);
  for (const entry of entries) {
    const { key, line } = entry;
    const use = Object.hasOwn(table, key) ? table[key] : undefined;
    if (use === "read") known.set(key, entry);
    else if (use === "metadata") continue;
    else if (use && "refused" in use) problems.add(line, `${where}: ${key}: ${use.refused}`);
    else if (use) problems.warn(line, key, `${where}: ${key} is ignored: ${use.ignored}`);
    else if (isRest(key)) rest.push(entry);
    else {
      const suggestion = misspelt(key, absent);
      if (suggestion) problems.add(line, `${where}: unknown key ${key}: did you mean ${suggestion}?`);
      else problems.warn(line, key, `${where}: unknown key ${key} is ignored`);
    }
  }
  return { known, rest };
}

/**
 * Reads the entries of a mapping whose keys are the user's.
 *
 * @param value The mapping; an empty value has no entries.
 * @param where What it describes, for messages.
 * @param problems Gets a problem if it is no mapping.
 *
 * @returns Its entries.
 */
export function entriesOf(value: Value, where: string, problems: Problems): readonly Entry[] {
  if (value.kind === "map") return value.entries;
  if (value.kind !== "scalar" || value.value !== null) {
    const found = value.kind === "list" ? "a list" : JSON.stringify(value.value);
    problems.add(value.line, `${where}: found ${found}, expected a mapping (key: value)`);
  }
  return [];
}
