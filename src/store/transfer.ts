import { isLaunchpadError } from "../errors.ts";
import { type Bundle, decodeBundle, encodeBundle, invalid } from "./contents/bundle.ts";
import type { StoreContext } from "./context.ts";
import { checkNames, metaKey, metricsKey, parseKey } from "./layout/layout.ts";
import { readCurrent } from "./promotions/current.ts";
import { prepareSwitch } from "./promotions/promotions.ts";
import { metaOf, retestsOf } from "./runs/metadata.ts";
import { missing, readNamedRun } from "./runs/read-run.ts";
import { isTakenOver } from "./runs/taken-over.ts";
import { checkChecksum, sha256 } from "./signing/checksum.ts";
import { checkSignature } from "./signing/signed-statement.ts";
import type { Storage } from "./storage.ts";
import type { Meta, RunName } from "./types.ts";

/**
 * Creates one file of a run, to carry it to another store.
 *
 * @param context The store.
 * @param of Which run.
 *
 * @returns The bytes of the file.
 *
 * @throws MODEL_NOT_TRAINED when there is no such run; STORE_CORRUPT when it is not whole; STORE_UNAVAILABLE.
 */
export async function exportRun(context: StoreContext, of: RunName): Promise<Uint8Array<ArrayBuffer>> {
  const { storage } = context;
  const { name, version, run } = of;
  checkNames(name, version);
  // Every digest has been checked by this; the documents are carried as they are, seals and layout included.
  const { contents } = await readNamedRun(context, of);
  const read = async (key: string) => {
    const bytes = await storage.read(key, { there: true });
    if (bytes) return bytes;
    throw missing(storage, of, key);
  };
  const files = new Map([
    ["contents", contents],
    ["meta.json", await read(metaKey(name, version, run))],
  ]);
  for (const id of await retestsOf(storage, of)) {
    files.set(`metrics/${id}.json`, await read(metricsKey(name, version, run, id)));
  }
  return encodeBundle({ of: { name, version, run }, files });
}

/**
 * Adds a run from such a file, and makes it current if its version has no current run. A run that is there already is
 * left as it is; if it was damaged, it is mended.
 *
 * @param context The store.
 * @param bytes The bytes of the file.
 *
 * @returns Which run it is.
 *
 * @throws BUNDLE_INVALID when the file is not what was exported, or the store has a different run of that name;
 * STORE_UNAVAILABLE; whatever `verify` throws.
 */
export async function importRun(context: StoreContext, bytes: Uint8Array): Promise<RunName> {
  const { storage, log } = context;
  const bundle = await decodeBundle(bytes);
  const { of, files } = bundle;
  const meta = await metaIn(storage, bundle);
  await checkTrust(context, bundle, meta);
  const known = await knownMeta(storage, of);
  if (known && JSON.stringify(known) !== JSON.stringify(meta)) {
    throw invalid(
      `${storage.location} has a different run ${of.run} of ${of.name} ${of.version}, and a run is never overwritten`,
    );
  }
  const idle = !isTakenOver(meta) && (await readCurrent(context, of.name, of.version)) === undefined;
  // What cannot be signed is not begun.
  const makeCurrent = idle ? await prepareSwitch(context, of, "import") : undefined;
  if (!(known && (await isWhole(context, of)))) {
    // In the order of a training, the metadata last: only with them it is a run.
    const paths = [...files.keys()].filter((path) => path !== "meta.json");
    for (const path of [...paths, "meta.json"]) {
      const file = files.get(path);
      if (file) await storage.write(keyIn(of, path), file);
    }
  }
  // Another one may serve by now.
  if (makeCurrent && (await readCurrent(context, of.name, of.version)) === undefined) await makeCurrent();
  log.info(`imported ${of.name} ${of.version}, run ${of.run}`);
  return of;
}

/** Refuses a bundle of which something is not signed as it must be. */
async function checkTrust(context: StoreContext, { of, files }: Bundle, meta: Meta): Promise<void> {
  await context.verify?.(meta);
  for (const [path, file] of files) {
    const place = parseKey(keyIn(of, path));
    if (place?.kind !== "metrics") continue;
    const { name, version, run, id } = place;
    const document = (await documentIn(file)) ?? {};
    await checkSignature(context, { statement: "metrics", name, version, run, id }, keyIn(of, path), document);
  }
}

/** The metadata in a bundle, after a check that all of its files are those of one run. */
async function metaIn(storage: Storage, { of, files }: Bundle): Promise<Meta> {
  const [text, contents] = [files.get("meta.json"), files.get("contents")];
  if (text === undefined || contents === undefined) throw invalid(`run ${of.run} lacks its metadata or contents`);
  for (const [path, file] of files) {
    const place = parseKey(keyIn(of, path));
    const known = place?.kind === "metrics" || place?.kind === "contents" || place?.kind === "meta";
    if (!known || place.run !== of.run)
      throw invalid(`it has a file ${JSON.stringify(path.slice(0, 80))}, which no run has`);
    if (place.kind !== "contents" && (await documentIn(file)) === undefined) {
      throw invalid(`run ${of.run}: ${path} has been altered`);
    }
  }
  try {
    const meta = metaOf(storage, of, (await documentIn(text)) ?? {});
    if (meta.contents.size === contents.length && meta.contents.sha256 === (await sha256(contents))) return meta;
  } catch (cause) {
    throw invalid(`run ${of.run}: its metadata are not those of this run`, cause);
  }
  throw invalid(`run ${of.run}: its contents are not those that its metadata describe`);
}

async function documentIn(bytes: Uint8Array) {
  try {
    return await checkChecksum(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return undefined;
  }
}

/** The metadata of the run of that name in the store; undefined if there are none, or only damaged ones. */
async function knownMeta(storage: Storage, of: RunName): Promise<Meta | undefined> {
  const bytes = await storage.read(metaKey(of.name, of.version, of.run));
  const document = bytes && (await documentIn(bytes));
  return document as Meta | undefined;
}

async function isWhole(context: StoreContext, of: RunName): Promise<boolean> {
  try {
    await readNamedRun(context, of);
    return true;
  } catch (error) {
    if (isLaunchpadError(error) && error.code === "STORE_CORRUPT") return false;
    throw error;
  }
}

function keyIn({ name, version, run }: RunName, path: string): string {
  return `${name}:${version}:${run}:${path.replaceAll("/", ":")}`;
}
