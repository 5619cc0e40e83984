import { whereIs } from "../../config/source-map.ts";
import type { Config } from "../../config/types.ts";
import { variableNotSet } from "../../config/variables.ts";
import { isVerifyKey } from "../../config/verify-key.ts";
import { LaunchpadError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import type { Sign, Verify } from "../context.ts";
import { createSigner, createVerifier, type Signer } from "./signature.ts";

/** What a configuration says about signatures. */
export interface Signing {
  /**
   * Signs what is stored; undefined if it is not signed. Where signatures are asked for and there is no key to sign with, it
   * throws: whatever were stored would be refused.
   */
  readonly sign: Sign | undefined;
  /** Refuses documents, by throwing; undefined if a signature is not asked for. */
  readonly verify: Verify | undefined;
  /** Fails if what is stored now could not be signed, or would be refused. */
  check(): Promise<void>;
}

/**
 * Signer and verifier of the models of a configuration: runs, and whatever says which of them serves or how good
 * they are. The private key is read when something is signed: what only serves does not have it.
 *
 * @param config The configuration.
 * @param env Reads an environment variable.
 *
 * @returns Functions; they throw CONFIG_INVALID for a key that is none, VARIABLE_NOT_SET, STORE_UNTRUSTED.
 */
export function createSigning(config: Config, env: Host["env"]): Signing {
  const { sign_key_var: variable } = config.model_store;
  const where = whereOf(config);
  const verifyKeys = verifyKeysOf(config, env, where);

  const signer = async (): Promise<Signer | undefined> => {
    if (variable === undefined) return undefined;
    const key = env(variable);
    if (key) return createSigner(key, `${where("sign_key_var")}: the environment variable ${variable}`);
    throw variableNotSet(
      [variable],
      `${where("sign_key_var")}: the environment variable ${variable} is not set, expected it to hold the private key ` +
        "that signs whatever is stored. Set it: launchpad models keygen prints a pair of keys",
    );
  };

  /** The signer, if its signatures will be accepted. */
  const acceptedSigner = async (): Promise<Signer | undefined> => {
    const own = await signer();
    if (verifyKeys === undefined || (own !== undefined && verifyKeys.includes(own.verifyKey))) return own;
    throw new LaunchpadError(
      "CONFIG_INVALID",
      own === undefined
        ? `${where("verify_key")}: found no sign_key_var, expected the variable of the private key: without a signature, ` +
            "what is stored would be refused. Do this where the private key is"
        : `${where("verify_key")}: found no public key that fits the private key in ${variable}, expected ${own.verifyKey}`,
    );
  };

  return {
    sign:
      variable === undefined && verifyKeys === undefined
        ? undefined
        : async (document) => (await acceptedSigner())?.sign(document) ?? null,
    verify: verifyKeys && createVerifier(verifyKeys),
    async check() {
      await acceptedSigner();
    },
  };
}

/**
 * Verifier of the models of a configuration, for whoever stores nothing.
 *
 * @param config The configuration.
 * @param env Reads an environment variable.
 *
 * @returns What refuses documents, by throwing; undefined if a signature is not asked for.
 *
 * @throws CONFIG_INVALID for a key that is none; VARIABLE_NOT_SET.
 */
export function verifierOf(config: Config, env: Host["env"]): Verify | undefined {
  const keys = verifyKeysOf(config, env, whereOf(config));
  return keys && createVerifier(keys);
}

function whereOf(config: Config): (key: string) => string {
  return (key) => `${whereIs(config, ["model_store", key])}: model_store.${key}`;
}

function verifyKeysOf(config: Config, env: Host["env"], where: (key: string) => string): readonly string[] | undefined {
  const { verify_key: given, verify_key_var: variable } = config.model_store;
  if (typeof variable !== "string") return given;
  const keys = (env(variable) ?? "").split(/[\s,]+/).filter((key) => key !== "");
  // Nothing to verify with must never mean that nothing is verified.
  if (keys.length === 0) {
    throw variableNotSet(
      [variable],
      `${where("verify_key_var")}: the environment variable ${variable} is not set, expected it to hold verify_key`,
    );
  }
  if (keys.every(isVerifyKey)) return keys;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${where("verify_key_var")}: the environment variable ${variable} holds no public key of Ed25519 (SPKI in base64)`,
  );
}
