import { bytesToHex } from "@noble/hashes/utils.js";
import { AwsClient } from "aws4fetch";
import { answerError, fetchOrExplain } from "../io/fetch-errors.ts";
import { readErrorCode } from "./xml.ts";

/** A bucket, and who asks for it. */
export interface S3Account {
  readonly bucket: string;
  /** Where the service is, if it is not Amazon's. The name of the bucket becomes part of the path. */
  readonly endpoint?: URL | undefined;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What a request carries. */
export interface S3Request {
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Requests to one bucket. */
export interface S3Client {
  /** The URL of an object, or of the bucket for no name at all, with these parameters. */
  urlOf(name: string, parameters?: Readonly<Record<string, string>>): URL;
  /** Sends a request and reads its answer; null for an object that is not there. */
  send<T>(method: string, url: URL, read: (response: Response) => Promise<T>, request?: S3Request): Promise<T | null>;
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
 * Creates a client of a bucket of S3, or of a service with the same API. It needs nothing but `fetch`, so it runs
 * everywhere. Every upload carries the SHA-256 of its bytes, which the service checks.
 *
 * @param account The bucket, the service and the keys.
 *
 * @returns A client that tries nothing twice.
 */
export function createS3Client(account: S3Account): S3Client {
  const { bucket, region, accessKeyId, secretAccessKey, sessionToken } = account;
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    region,
    service: "s3",
    retries: 0,
    ...(sessionToken ? { sessionToken } : {}),
  });
  const base = baseOf(account);
  return {
    urlOf(name, parameters = {}) {
      const url = new URL(name.split("/").map(encoded).join("/"), base);
      url.search = Object.entries(parameters)
        .map(([parameter, value]) => `${parameter}=${encoded(value)}`)
        .join("&");
      return url;
    },
    send: <T>(
      method: string,
      url: URL,
      read: (response: Response) => Promise<T>,
      { body, headers, signal }: S3Request = {},
    ) =>
      fetchOrExplain(url, async (): Promise<T | null> => {
        const sent = { ...headers, "x-amz-content-sha256": await sha256(body ?? new Uint8Array()) };
        // A redirect would carry the signature of another host: it is an answer like any other.
        const init: RequestInit = {
          method,
          headers: sent,
          redirect: "manual",
          ...(body && { body }),
          ...(signal && { signal }),
        };
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
      }),
  };
}

/** The URL of the bucket; ends with a slash. */
function baseOf({ bucket, endpoint, region }: S3Account): URL {
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
  return bytesToHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
