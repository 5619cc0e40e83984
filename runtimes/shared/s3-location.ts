import type { Driver } from "unstorage";
import { LaunchpadError } from "../../src/index.ts";
import { type Place, prefixOf, type Scheme } from "./open-driver.ts";
import { s3Driver } from "./s3-driver.ts";

/** Keys come from one place, all three: a session token belongs to its access key. */
interface Keys {
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  readonly sessionToken: string | undefined;
}

/** `s3://bucket/prefix`, on every runtime. What the section does not say comes from Amazon's environment variables. */
export const s3Scheme: Scheme = {
  form: "s3://bucket/prefix",
  options: ["endpoint", "region", "access_key_id", "secret_access_key", "session_token"],
  open: openS3,
};

function openS3({ location, options, env }: Place): Driver {
  const prefix = prefixOf(location);
  const fromSection: Keys = {
    accessKeyId: options.text("access_key_id"),
    secretAccessKey: options.text("secret_access_key"),
    sessionToken: options.text("session_token"),
  };
  const fromEnvironment: Keys = {
    accessKeyId: env("AWS_ACCESS_KEY_ID") || undefined,
    secretAccessKey: env("AWS_SECRET_ACCESS_KEY") || undefined,
    sessionToken: env("AWS_SESSION_TOKEN") || undefined,
  };
  const given = Object.values(fromSection).some((value) => value !== undefined);
  const { accessKeyId, secretAccessKey, sessionToken } = given ? fromSection : fromEnvironment;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const missing = accessKeyId === undefined ? "access_key_id" : "secret_access_key";
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `model_store: found no ${missing} for s3://${location.host}, expected access_key_id_var and secret_access_key_var ` +
        "beside the location, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment",
    );
  }
  const values = { access_key_id: accessKeyId, secret_access_key: secretAccessKey, session_token: sessionToken };
  for (const [name, value] of Object.entries(values)) {
    // A header that fetch refuses would be shown in its error.
    if (value === undefined || /^[\x21-\x7e]+$/.test(value)) continue;
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `model_store.${name}: found white space or characters outside ASCII, expected what the service gave: is there a line break at its end?`,
    );
  }
  return s3Driver({
    bucket: location.host,
    prefix,
    endpoint: endpointOf(options.text("endpoint") ?? (env("AWS_ENDPOINT_URL_S3") || env("AWS_ENDPOINT_URL"))),
    region: options.text("region") ?? (env("AWS_REGION") || env("AWS_DEFAULT_REGION") || "us-east-1"),
    accessKeyId,
    secretAccessKey,
    sessionToken,
  });
}

function endpointOf(text: string | undefined): URL | undefined {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search) return url;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    "model_store.endpoint: expected the URL of an S3 service without a password, such as https://s3.example.com",
  );
}
