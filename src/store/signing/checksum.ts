import { bytesToHex } from "@noble/hashes/utils.js";
import type { Json } from "../../util/json.ts";
import { quickSha256 } from "./quick-sha256.ts";

/** The key of the seal in a sealed document. */
const key = "json_sha256";

/** A JSON object. A key without a value is left out. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/**
 * Creates the SHA-256 of bytes.
 *
 * @param bytes Any bytes.
 *
 * @returns Lower-case hexadecimal.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return bytesToHex(quickSha256(bytes) ?? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/**
 * Creates a document that carries its own SHA-256, so that an altered one is noticed. The digest is over
 * the document's content, not its layout: it survives another indentation.
 *
 * @param document An object that JSON can hold.
 *
 * @returns The JSON text, with one more key at the end; and the document as it will be read again.
 */
export async function addChecksum(
  document: JsonObject,
): Promise<{ readonly text: string; readonly document: JsonObject }> {
  // Through JSON once, because it may put keys in another order and drop what it cannot hold.
  const plain = JSON.parse(JSON.stringify(document)) as Record<string, Json>;
  delete plain[key];
  const sealed = { ...plain, [key]: await digestOf(plain) };
  return { text: `${JSON.stringify(sealed, null, 2)}\n`, document: plain };
}

/**
 * Creates a document from its sealed form.
 *
 * @param sealed What a sealed text was parsed to.
 *
 * @returns The document without the seal; undefined when it is not what was sealed.
 */
export async function checkChecksum(sealed: unknown): Promise<JsonObject | undefined> {
  if (typeof sealed !== "object" || sealed === null || Array.isArray(sealed)) return undefined;
  const { [key]: expected, ...document } = sealed as Record<string, Json>;
  return expected === (await digestOf(document)) ? document : undefined;
}

function digestOf(document: JsonObject): Promise<string> {
  return sha256(new TextEncoder().encode(JSON.stringify(document)));
}
