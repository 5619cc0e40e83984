import { LaunchpadError } from "../../errors.ts";
import type { StoreContext } from "../context.ts";
import { checkNames, contentsKey, createId, metaKey } from "../layout/layout.ts";
import { switchTo } from "../promotions/promotions.ts";
import { addChecksum, type JsonObject, sha256 } from "../signing/checksum.ts";
import type { Meta, NewMeta } from "../types.ts";
import { problemsOf } from "./metadata.ts";

/** What becomes of a run when it is stored. */
export interface SaveOptions {
  /** Whether to make it the one that serves. Default: true. */
  readonly promote?: boolean;
  /** When it was trained, in milliseconds since 1970, where that is not now. */
  readonly time?: number;
}

/**
 * Writes a run: contents, then metadata; then makes it the one that serves.
 *
 * @param context The store.
 * @param given What the training knows of itself.
 * @param contents The bytes of the model.
 * @param options Whether it serves.
 *
 * @returns The metadata, as they will be read.
 *
 * @throws CONFIG_INVALID for a name or version that cannot be part of a key; STORE_UNAVAILABLE; whatever `sign` throws.
 */
export async function saveRun(
  context: StoreContext,
  given: NewMeta,
  contents: Uint8Array,
  { promote = true, time }: SaveOptions = {},
): Promise<Meta> {
  const { storage, now, log, sign } = context;
  const { name, version } = given;
  checkNames(name, version);
  const bytes = withoutSharing(contents);
  const run = createId(time ?? now());
  const { text, document } = await sealed(
    {
      ...given,
      run,
      contents: { size: bytes.length, sha256: await sha256(bytes) },
      metrics_history: firstMetrics(given),
      signature: undefined,
    },
    sign,
  );
  const problems = problemsOf(document);
  if (problems.length > 0) throw new LaunchpadError("INTERNAL", `[store] metadata: ${problems.join("; ")}`);

  await storage.write(contentsKey(name, version, run), bytes);
  await storage.write(metaKey(name, version, run), text);
  log.debug(`stored ${name} ${version}, run ${run}, ${bytes.length} bytes`);
  if (promote) await switchTo(context, { name, version, run }, "train");
  return document as Meta;
}

async function sealed(document: JsonObject, sign: StoreContext["sign"]) {
  const unsigned = await addChecksum(document);
  if (!sign) return unsigned;
  return addChecksum({ ...unsigned.document, signature: await sign(unsigned.document) });
}

function firstMetrics({ created, metrics }: NewMeta): Meta["metrics_history"] {
  return Object.keys(metrics).length > 0 ? { [new Date(created).toISOString()]: metrics } : {};
}

/** Web Crypto takes no shared memory. */
function withoutSharing(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(bytes);
}
