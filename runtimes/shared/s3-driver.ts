import { AwsClient } from "aws4fetch";
import type { Driver } from "unstorage";
import { objectDriver } from "./object-driver.ts";
import { answerError, reach } from "./remote.ts";
import { readErrorCode, readListPage } from "./s3-xml.ts";

export interface S3Options {
  readonly bucket: string;
  /** What the names in the bucket start with; empty, or ending in a slash. */
  readonly prefix: string;
  /** Where the service is, if it is not Amazon's. The name of the bucket becomes part of the path. */
  readonly endpoint?: URL | undefined;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What to do about an error, by the code that S3 answers or, where it answers none, by the status. */
const remedies: Readonly<Record<string, string>> = {
  NoSuchBucket: "there is no such bucket: create it, or correct its name",
  AccessDenied:
    "the access key may not do this: it needs s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket on the bucket",
  InvalidAccessKeyId: "there is no such access key: check access_key_id",
  SignatureDoesNotMatch: "the signature is wrong: check secret_access_key and region",
  ExpiredToken: "the session_token has expired: get a new one",
  InvalidToken: "the session_token does not belong to the access key: check it",
  RequestTimeTooSkewed: "the clock of this machine is wrong: set it",
  PermanentRedirect: "the bucket is in another region or at another endpoint",
  AuthorizationHeaderMalformed: "the bucket is in another region",
  301: "the bucket is in another region or at another endpoint",
  307: "the bucket is at another endpoint for now: give that one as endpoint",
  400: "check region, endpoint and session_token",
  403: "check access_key_id, secret_access_key and what they are allowed to do",
};

/**
 * Creates a driver over a bucket of S3, or of a service with the same API. It needs nothing but `fetch`, so it runs
 * everywhere; unstorage's own lists 1000 keys at most. Every upload carries the SHA-256 of its bytes, which the
 * service checks.
 *
 * @param options The bucket, the service and the keys.
 *
 * @returns A driver.
 */
export function s3Driver(options: S3Options): Driver {
  const { bucket, prefix, region, accessKeyId, secretAccessKey, sessionToken } = options;
  // The store tries again by itself.
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    region,
    service: "s3",
    retries: 0,
    ...(sessionToken ? { sessionToken } : {}),
  });
  const base = baseOf(options);
  const urlOf = (name: string) => new URL(name.split("/").map(encoded).join("/"), base);

  /** Sends a request and reads the answer; null for an object that is not there. */
  const send = <T>(
    method: string,
    url: URL,
    read: (response: Response) => Promise<T>,
    body?: Uint8Array<ArrayBuffer>,
  ) =>
    reach(url, async (): Promise<T | null> => {
      const headers = { "x-amz-content-sha256": await sha256(body ?? new Uint8Array()) };
      // A redirect would carry the signature of another host: it is an answer like any other.
      const init: RequestInit = { method, headers, redirect: "manual", ...(body ? { body } : {}) };
      const response = await client.fetch(url.href, init);
      if (response.ok) return read(response);
      const code = readErrorCode(await response.text());
      // HEAD has no body that could tell a missing object from a missing bucket.
      if (response.status === 404 && (code === undefined ? method === "HEAD" : code === "NoSuchKey")) return null;
      const place = response.headers.get("x-amz-bucket-region");
      const remedy = remedies[code ?? ""] ?? remedies[response.status];
      throw answerError(
        `${method} in the bucket ${bucket} at ${url.origin} was answered with ${response.status}` +
          `${code ? ` ${code}` : ""}${remedy ? `: ${remedy}` : ""}${place && place !== region ? ` (${place})` : ""}`,
        response.status,
      );
    });
  const ended = async (response: Response) => void (await response.arrayBuffer());

  return objectDriver({
    name: "launchpad-s3",
    prefix,
    separator: "/",
    get: (name) => send("GET", urlOf(name), async (response) => new Uint8Array(await response.arrayBuffer())),
    has: async (name) => (await send("HEAD", urlOf(name), async () => true)) ?? false,
    put: async (name, bytes) => void (await send("PUT", urlOf(name), ended, bytes)),
    remove: async (name) => void (await send("DELETE", urlOf(name), ended)),
    async list(beginning) {
      const names: string[] = [];
      for (let token: string | undefined; ; ) {
        const url = new URL(base);
        url.search = Object.entries({
          "list-type": "2",
          prefix: beginning,
          ...(token ? { "continuation-token": token } : {}),
        })
          .map(([name, value]) => `${name}=${encoded(value)}`)
          .join("&");
        const page = readListPage((await send("GET", url, (response) => response.text())) ?? "");
        names.push(...page.names);
        if (page.next === undefined) return names;
        if (page.next === token) throw new Error(`the list of the bucket ${bucket} at ${url.origin} does not go on`);
        token = page.next;
      }
    },
  });
}

/** The URL of the bucket; ends with a slash. */
function baseOf({ bucket, endpoint, region }: S3Options): URL {
  if (endpoint) return new URL(`${endpoint.pathname.replace(/\/*$/, "/")}${encoded(bucket)}/`, endpoint);
  const host = `s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
  // The certificate of Amazon's covers one name before the host, and no name with dots.
  return new URL(bucket.includes(".") ? `https://${host}/${encoded(bucket)}/` : `https://${bucket}.${host}/`);
}

/** Percent-encoding as a signature has it (RFC 3986). */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
