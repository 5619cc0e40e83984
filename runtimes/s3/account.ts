import { LaunchpadError } from "../../src/internal.ts";
import type { S3Account } from "./client.ts";

/** The names that an account is read from. */
export const s3Settings = ["endpoint", "region", "access_key_id", "secret_access_key", "session_token"] as const;

/** Where the settings of an account come from. */
export interface S3Settings {
  /** The text of a setting; undefined if it is not given. */
  text(name: (typeof s3Settings)[number]): string | undefined;
  /** Reads an environment variable. */
  env(name: string): string | undefined;
  /** What a message begins with, about all of them or about one: `model_store`, `model_store.region`. */
  at(name?: string): string;
}

/** Keys come from one place, all three: a session token belongs to its access key. */
interface Keys {
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  readonly sessionToken: string | undefined;
}

/**
 * Reads who asks for a bucket, and where it is. What the settings do not say comes from Amazon's environment variables.
 *
 * @param bucket The name of the bucket.
 * @param settings What was configured.
 *
 * @returns The account.
 *
 * @throws CONFIG_INVALID when there are no keys, or a setting is not as it should be.
 */
export function readS3Account(bucket: string, { text, env, at }: S3Settings): S3Account {
  const given: Keys = {
    accessKeyId: text("access_key_id"),
    secretAccessKey: text("secret_access_key"),
    sessionToken: text("session_token"),
  };
  const fromEnvironment: Keys = {
    accessKeyId: env("AWS_ACCESS_KEY_ID") || undefined,
    secretAccessKey: env("AWS_SECRET_ACCESS_KEY") || undefined,
    sessionToken: env("AWS_SESSION_TOKEN") || undefined,
  };
  const isGiven = Object.values(given).some((value) => value !== undefined);
  const { accessKeyId, secretAccessKey, sessionToken } = isGiven ? given : fromEnvironment;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const missing = accessKeyId === undefined ? "access_key_id" : "secret_access_key";
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${at()}: found no ${missing} for s3://${bucket}, expected access_key_id_var and secret_access_key_var ` +
        "beside the location, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment",
    );
  }
  const values = { access_key_id: accessKeyId, secret_access_key: secretAccessKey, session_token: sessionToken };
  for (const [name, value] of Object.entries(values)) {
    // A header that fetch refuses would be shown in its error.
    if (value === undefined || /^[\x21-\x7e]+$/.test(value)) continue;
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${at(name)}: found white space or characters outside ASCII, expected what the service gave: is there a line break at its end?`,
    );
  }
  const endpoint = text("endpoint") ?? (env("AWS_ENDPOINT_URL_S3") || env("AWS_ENDPOINT_URL"));
  return {
    bucket,
    endpoint: endpointOf(endpoint, at("endpoint")),
    region: text("region") ?? (env("AWS_REGION") || env("AWS_DEFAULT_REGION") || "us-east-1"),
    accessKeyId,
    secretAccessKey,
    sessionToken,
  };
}

function endpointOf(text: string | undefined, at: string): URL | undefined {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search) return url;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${at}: expected the URL of an S3 service without a password, such as https://s3.example.com`,
  );
}
