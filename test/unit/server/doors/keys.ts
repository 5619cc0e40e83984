import { createHash, randomBytes } from "node:crypto";

/** A key of an API, and what a configuration has of it. */
export interface TestKey {
  readonly key: string;
  readonly digest: string;
}

/** Creates a key as `launchpad keys create` does. */
export function newKey(): TestKey {
  const key = `lp_${randomBytes(32).toString("base64url")}`;
  return { key, digest: `sha256:${createHash("sha256").update(key).digest("hex")}` };
}
