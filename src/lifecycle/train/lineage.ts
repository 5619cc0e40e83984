import type { ObserveReading, Read } from "../../data/access/record-lineage.ts";
import { toPlain } from "../../data/to-json.ts";
import type { Json } from "../../util/json.ts";
import { redact } from "../../util/redact.ts";
import type { Context } from "../context.ts";

/** More than any report shows; a training that makes a query for each of its customers makes more. */
const maxReads = 1000;

/** More of a parameter than anybody wants to read. */
const maxLength = 200;

/** What a training reads. */
export interface Lineage {
  /** The lifecycle, with data that takes down what is read. */
  readonly context: Context;
  /** Everything read so far, as metadata holds it. */
  contents(): LineageContents;
}

/** Under the keys of the metadata. */
export type LineageContents = { readonly data: readonly Json[]; readonly data_left_out?: number };

/**
 * Creates an empty record of what a training reads from its sources.
 *
 * @param context The lifecycle.
 * @param observe Looks on while sources are read.
 *
 * @returns The lifecycle to train and test with, and the record. Readings of one source that gave the same for the same
 * parameters are one entry; entries are ordered by name and time; past 1000, they are only counted.
 */
export function createLineage(context: Context, observe?: ObserveReading): Lineage {
  const reads: Read[] = [];
  const { data } = context;
  return {
    context: {
      ...context,
      data: { ...data, access: (action, signal) => data.access(action, signal, { reads, observe }) },
    },
    contents() {
      const entries = merged(reads).sort(
        (a, b) => Number(a.read.name > b.read.name) - Number(a.read.name < b.read.name),
      );
      const left = entries.length - maxReads;
      return { data: entries.slice(0, maxReads).map(entryOf), ...(left > 0 && { data_left_out: left }) };
    },
  };
}

interface Merged {
  readonly read: Read;
  readonly actions: Set<string>;
}

function merged(reads: readonly Read[]): Merged[] {
  const entries = new Map<string, Merged>();
  for (const read of reads) {
    const { name, params, rows, sha256, complete } = read;
    const key = JSON.stringify([name, plainParams(params), rows, sha256, complete]);
    const entry = entries.get(key) ?? { read, actions: new Set() };
    entry.actions.add(read.action);
    entries.set(key, entry);
  }
  return [...entries.values()];
}

function entryOf({ read, actions }: Merged): Json {
  return {
    name: read.name,
    read_by: [...actions],
    params: shortened(plainParams(redact(read.params) as Read["params"])),
    rows: read.rows ?? null,
    columns: read.columns ?? null,
    sha256: read.sha256 ?? null,
    sha256_of: read.digestOf,
    complete: read.complete,
  };
}

/** In one order, whichever they were given in. */
function plainParams(params: Read["params"]): [string, Json][] {
  return Object.keys(params)
    .sort()
    .map((name) => [name, toPlain(params[name])]);
}

function shortened(params: readonly [string, Json][]): Json {
  const short = (value: Json) =>
    typeof value === "string" && value.length > maxLength ? `${value.slice(0, maxLength)}...` : value;
  return Object.fromEntries(params.map(([name, value]) => [name, short(value)]));
}
