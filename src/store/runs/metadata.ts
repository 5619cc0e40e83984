import * as v from "valibot";
import { LaunchpadError } from "../../errors.ts";
import type { Json } from "../../util/json.ts";
import type { Verify } from "../context.ts";
import { metaKey, metricsKey, parseKey, timeOf } from "../layout/layout.ts";
import { checkChecksum, type JsonObject } from "../signing/checksum.ts";
import { checkSignature } from "../signing/signed-statement.ts";
import { pathOf, type Storage } from "../storage.ts";
import type { Meta, RunName } from "../types.ts";

/** How metadata are read. */
export interface MetaOptions {
  /** The names of the run's retests, when they are known already. */
  readonly retests?: readonly string[];
  /** Whether they must be there. */
  readonly there?: boolean;
  /** Refuses metadata, and metrics of retests, that are not signed as they must be. */
  readonly verify?: Verify | undefined;
}

const jsonObject = v.custom<{ readonly [key: string]: Json }>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);
const time = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text)), "expected a time in ISO 8601"),
);

/** What `Meta` promises. Whatever is within the objects came from JSON, and is JSON. */
const metaSchema = v.looseObject({
  name: v.string(),
  version: v.string(),
  run: v.string(),
  created: time,
  created_by: v.nullable(v.string()),
  system: jsonObject,
  train_report: jsonObject,
  metrics: jsonObject,
  metrics_history: v.record(time, jsonObject),
  config_snapshot: v.custom<Json>((value) => value !== undefined, "expected JSON"),
  api_base_url: v.optional(v.string()),
  have_columns_been_ordered: v.boolean(),
  ordered_columns: v.optional(v.array(v.array(v.string()))),
  contents: v.looseObject({
    size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  }),
});

/** The metrics of one retest, as they are stored. */
const retestSchema = v.looseObject({ metrics: jsonObject });

/**
 * Finds what is wrong with a document that should be metadata.
 *
 * @param document The document.
 *
 * @returns One line for each problem; none for metadata.
 */
export function problemsOf(document: JsonObject): readonly string[] {
  return (v.safeParse(metaSchema, document).issues ?? []).map(
    (issue) => `${v.getDotPath(issue) ?? ""}: ${issue.message}`,
  );
}

/**
 * Creates the metadata of a run: what was written when it was stored, and the metrics of all retests since.
 *
 * @param storage Where runs are kept.
 * @param of Which run.
 * @param options What is known of them, and must be.
 *
 * @returns The metadata; undefined if there is none.
 *
 * @throws STORE_CORRUPT when a document is not what was stored; STORE_UNAVAILABLE; whatever `verify` throws.
 */
export async function readMeta(storage: Storage, of: RunName, options: MetaOptions = {}): Promise<Meta | undefined> {
  const { name, version, run } = of;
  const key = metaKey(name, version, run);
  const document = await readSealed(storage, of, key, options.there ?? false);
  if (document === undefined) return undefined;
  const meta = metaOf(storage, of, document);
  await options.verify?.(meta);
  return withRetests(storage, meta, options.retests ?? (await retestsOf(storage, of)), options.verify);
}

/**
 * Checks that a document is the metadata of a run.
 *
 * @param storage Where the run is kept.
 * @param of Which run.
 * @param document The document, without its seal.
 *
 * @returns The metadata.
 *
 * @throws STORE_CORRUPT when it is something else, or belongs to another run.
 */
export function metaOf(storage: Storage, of: RunName, document: JsonObject): Meta {
  const { name, version, run } = of;
  const path = pathOf(metaKey(name, version, run));
  const problems = problemsOf(document);
  if (problems.length > 0) throw corrupt(storage, of, `${path} is not metadata: ${problems.join("; ")}.`);
  const meta = document as Meta;
  if (meta.name === name && meta.version === version && meta.run === run) return meta;
  const found = `${meta.name} ${meta.version}, run ${meta.run}`;
  throw corrupt(storage, of, `${path} belongs to ${found}. It has been copied or renamed.`);
}

/**
 * Finds the retests of a run.
 *
 * @param storage Where the run is kept.
 * @param of Which run.
 *
 * @returns Their names.
 *
 * @throws STORE_UNAVAILABLE.
 */
export async function retestsOf(storage: Storage, { name, version, run }: RunName): Promise<string[]> {
  const places = (await storage.keys(name, version, run, "metrics")).map(parseKey);
  return places.flatMap((place) => (place?.kind === "metrics" ? [place.id] : []));
}

/**
 * Creates the error for a run that is not what was stored.
 *
 * @param storage Where it is.
 * @param of Which run.
 * @param what What was found and what was expected, as sentences.
 *
 * @returns STORE_CORRUPT.
 */
export function corrupt(storage: Storage, of: RunName, what: string): LaunchpadError {
  return new LaunchpadError(
    "STORE_CORRUPT",
    `[store] ${storage.location}: ${of.name} ${of.version}, run ${of.run}: ${what}`,
  );
}

async function withRetests(
  storage: Storage,
  meta: Meta,
  retests: readonly string[],
  verify: Verify | undefined,
): Promise<Meta> {
  if (retests.length === 0) return meta;
  const history = new Map(Object.entries(meta.metrics_history));
  for (const id of [...retests].sort()) {
    const { name, version, run } = meta;
    const key = metricsKey(name, version, run, id);
    // It has been listed, so it must be there.
    const document = await readSealed(storage, meta, key, true);
    const found = v.safeParse(retestSchema, document);
    if (document && found.success) {
      await checkSignature({ storage, verify }, { statement: "metrics", name, version, run, id }, key, document);
    }
    if (!found.success) throw corrupt(storage, meta, `${pathOf(key)} does not hold metrics.`);
    let time = timeOf(id);
    // Two of the same millisecond are both kept, and both shown.
    while (history.has(new Date(time).toISOString())) time++;
    history.set(new Date(time).toISOString(), found.output.metrics);
  }
  const entries = [...history].sort(([a], [b]) => Date.parse(a) - Date.parse(b));
  return { ...meta, metrics: entries.at(-1)?.[1] ?? meta.metrics, metrics_history: Object.fromEntries(entries) };
}

async function readSealed(storage: Storage, of: RunName, key: string, there: boolean): Promise<JsonObject | undefined> {
  const found = await storage.readJson(key, { there });
  if (found === undefined) return undefined;
  const document = await checkChecksum(found);
  if (document !== undefined) return document;
  throw corrupt(storage, of, `${pathOf(key)} has been altered: its content does not have the SHA-256 that it says.`);
}
