import { LaunchpadError } from "../../errors.ts";
import type { StoreContext } from "../context.ts";
import { pathOf } from "../storage.ts";
import type { JsonObject } from "./checksum.ts";

/**
 * What a document of the store is about, besides runs, whose metadata are signed as they are. It is part of what is signed:
 * nothing that was signed can be put in the place of something else.
 */
export type Subject =
  | { readonly statement: "current"; readonly name: string; readonly version: string }
  | { readonly statement: "alias"; readonly name: string; readonly alias: string }
  | { readonly statement: "promotion"; readonly name: string; readonly version: string; readonly id: string }
  | {
      readonly statement: "metrics";
      readonly name: string;
      readonly version: string;
      readonly run: string;
      readonly id: string;
    };

/** What to do about a document that is not signed as it must be. */
function remedyOf(subject: Subject): string {
  const { statement, name } = subject;
  if (statement === "promotion") return "It does not count; remove the file to be rid of this message.";
  if (statement === "metrics") return "Remove the file, and retest where it can be signed: launchpad retest";
  if (statement === "alias") {
    return `Point it at a signed run, where that can be signed: launchpad models alias ${name}@VERSION/RUN ${subject.alias}`;
  }
  return (
    `Promote a signed run, where that can be signed: launchpad models promote ${name}@${subject.version}/RUN. ` +
    "Or train one: launchpad train --fresh"
  );
}

/**
 * Creates a document with its signature, where the store signs.
 *
 * @param context The store.
 * @param subject What it is about.
 * @param fields What it says.
 *
 * @returns The same fields, and the signature of them and of the subject.
 *
 * @throws Whatever `sign` throws.
 */
export async function withSignature(context: StoreContext, subject: Subject, fields: JsonObject): Promise<JsonObject> {
  return context.sign ? { ...fields, signature: await context.sign({ ...fields, ...subject }) } : fields;
}

/**
 * Checks the signature of a document, where the store verifies.
 *
 * @param context The store.
 * @param subject What it is about.
 * @param key Its key, for messages.
 * @param document What was read.
 *
 * @throws STORE_UNTRUSTED.
 */
export async function checkSignature(
  { storage, verify }: Pick<StoreContext, "storage" | "verify">,
  subject: Subject,
  key: string,
  document: JsonObject,
): Promise<void> {
  const about = { what: `${storage.location}: ${pathOf(key)}`, remedy: remedyOf(subject) };
  await verify?.({ ...document, ...subject }, about);
}

/**
 * Creates the time of something that is rewritten: after that of what was there, so that their order can be told,
 * whichever clock is behind.
 *
 * @param now Milliseconds since 1970.
 * @param before The time of what was there, ISO 8601.
 *
 * @returns ISO 8601, UTC.
 */
export function timeAfter(now: number, before: string | undefined): string {
  const earliest = before === undefined ? Number.NaN : Date.parse(before) + 1;
  return new Date(Number.isNaN(earliest) ? now : Math.max(now, earliest)).toISOString();
}

/**
 * Refuses a document that was signed before another one which has been read in its place: somebody has put back an old
 * one. What was read before is known only to this process.
 *
 * @param context The store.
 * @param key Its key.
 * @param time When it was signed, ISO 8601.
 *
 * @throws STORE_UNTRUSTED.
 */
export function checkNotOlder({ storage, newest }: StoreContext, key: string, time: string): void {
  const before = newest.get(key);
  if (before === undefined || before <= time) {
    newest.set(key, time);
    return;
  }
  throw new LaunchpadError(
    "STORE_UNTRUSTED",
    `[store] ${storage.location}: ${pathOf(key)} was signed at ${time}, and one of ${before} has been read before: found an ` +
      "older one, expected that one or a newer one. The storage shows an old copy, or somebody has put it back. To go back to a run, " +
      "promote it: launchpad models promote NAME@VERSION/RUN",
  );
}
