import { LaunchpadError, messageOf } from "../../errors.ts";
import { fromBase64, toBase64 } from "../../util/base64.ts";
import { canonicalJson } from "../../util/canonical-json.ts";
import type { Json } from "../../util/json.ts";
import type { Verify } from "../context.ts";
import { type JsonObject, sha256 } from "./checksum.ts";

/** What is stored under `signature` in the metadata, and in whatever else is signed. */
export interface Signature {
  readonly algorithm: "Ed25519";
  /** The first 16 digits of the SHA-256 of the public key (SPKI). */
  readonly key: string;
  /** In base64: over the canonical JSON (RFC 8785) of the document without the signature. */
  readonly value: string;
  readonly [key: string]: Json;
}

/** A pair of keys, both in base64. */
export interface SigningKeys {
  /** The private key, PKCS #8: for the variable that `model_store.sign_key_var` names. */
  readonly sign_key: string;
  /** The public key, SPKI: for `model_store.verify_key`. */
  readonly verify_key: string;
}

/** What signs documents. */
export interface Signer {
  /** The public key, SPKI in base64. */
  readonly verifyKey: string;
  sign(document: JsonObject): Promise<Signature>;
}

const algorithm = "Ed25519";

/** What every public key of Ed25519 begins with as SPKI (RFC 8410, section 10.1). */
const spkiStart = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

/**
 * Creates a new pair of keys.
 *
 * @returns The private key, which is a secret, and the public key.
 */
export async function generateSigningKeys(): Promise<SigningKeys> {
  // What it returns for this algorithm is always a pair, which the types of some runtimes do not know.
  const pair = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const [pkcs8, spki] = await Promise.all([
    crypto.subtle.exportKey("pkcs8", pair.privateKey),
    crypto.subtle.exportKey("spki", pair.publicKey),
  ]);
  return { sign_key: toBase64(new Uint8Array(pkcs8)), verify_key: toBase64(new Uint8Array(spki)) };
}

/**
 * Signer of documents.
 *
 * @param signKey The private key, PKCS #8 in base64; PEM is fine, too.
 * @param where What holds it, for messages.
 *
 * @returns A signer.
 *
 * @throws CONFIG_INVALID when it is no such key; the message does not show it.
 */
export async function createSigner(signKey: string, where: string): Promise<Signer> {
  let key: CryptoKey;
  let spki: Uint8Array<ArrayBuffer>;
  try {
    const pkcs8 = bytesOf(signKey.replace(/-----[A-Z ]{1,40}-----/g, "").replace(/\s/g, ""));
    key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]);
    const { x = "" } = await crypto.subtle.exportKey("jwk", key);
    spki = joined(spkiStart, bytesOf(x.replaceAll("-", "+").replaceAll("_", "/").concat("=")));
  } catch {
    // The cause may quote the key.
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where} holds no private key of ${algorithm}, expected PKCS #8 in base64. launchpad models keygen prints a pair of keys`,
    );
  }
  const id = await keyId(spki);
  return {
    verifyKey: toBase64(spki),
    async sign(document) {
      const value = new Uint8Array(await crypto.subtle.sign(algorithm, key, signedBytes(document)));
      return { algorithm, key: id, value: toBase64(value) };
    },
  };
}

/**
 * Verifier of documents: refuses those without a signature of one of some keys.
 *
 * @param verifyKeys Public keys, SPKI in base64.
 *
 * @returns A function that throws STORE_UNTRUSTED for a document that is not signed, signed with another key, or not
 * what was signed; CONFIG_INVALID when one of the keys is none.
 */
export function createVerifier(verifyKeys: readonly string[]): Verify {
  let keys: Promise<ReadonlyMap<string, CryptoKey>> | undefined;
  return async (document, about) => {
    keys ??= importKeys(verifyKeys);
    const trusted = await keys;
    const {
      what = `${document.name} ${document.version}, run ${document.run}`,
      remedy = "Train it again where it can be signed, or trust its key.",
    } = about ?? {};
    const refuse = (found: string) =>
      new LaunchpadError(
        "STORE_UNTRUSTED",
        `[store] ${what}: ${found}, expected a signature of ${[...trusted.keys()].join(" or ")} (model_store.verify_key). ${remedy}`,
      );
    const { signature } = document;
    if (!isSignature(signature)) throw refuse(signature === undefined ? "is not signed" : "found no signature of ours");
    const key = trusted.get(signature.key);
    if (key === undefined) throw refuse(`signed with another key, ${signature.key}`);
    const value = await fits(key, signature.value, document);
    if (!value) throw refuse("the signature does not fit the content, which has been altered");
  };
}

async function importKeys(verifyKeys: readonly string[]): Promise<ReadonlyMap<string, CryptoKey>> {
  const keys = new Map<string, CryptoKey>();
  for (const text of verifyKeys) {
    try {
      const spki = bytesOf(text);
      keys.set(await keyId(spki), await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]));
    } catch (cause) {
      throw new LaunchpadError("CONFIG_INVALID", `model_store.verify_key: no public key: ${messageOf(cause)}`, {
        cause,
      });
    }
  }
  return keys;
}

async function fits(key: CryptoKey, value: string, document: JsonObject): Promise<boolean> {
  try {
    return await crypto.subtle.verify(algorithm, key, bytesOf(value), signedBytes(document));
  } catch {
    return false;
  }
}

function isSignature(value: unknown): value is Signature {
  if (typeof value !== "object" || value === null) return false;
  const { algorithm: found, key, value: bytes, ...more } = value as Record<string, unknown>;
  if (Object.keys(more).length > 0) return false;
  return found === algorithm && typeof key === "string" && /^[0-9a-f]{16}$/.test(key) && typeof bytes === "string";
}

function signedBytes({ signature: _, ...rest }: JsonObject): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(rest as Json));
}

async function keyId(spki: Uint8Array<ArrayBuffer>): Promise<string> {
  return (await sha256(spki)).slice(0, 16);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(fromBase64(text));
}
