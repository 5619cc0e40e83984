import { type DataLocation, LaunchpadError, type OpenDataLocation } from "../../src/index.ts";
import { readS3Account } from "../s3/account.ts";
import { createS3Client, type S3Request } from "../s3/client.ts";
import { readErrorCode, readText, writeParts } from "../s3/xml.ts";
import { type PartialUpload, upload } from "./multipart-upload.ts";
import { objectKey } from "./object-key.ts";

/** A connection slower than this many bytes a second counts as broken. */
const minBytesPerSecond = 100_000;

/**
 * Creates what opens `s3://bucket/key`, on S3 or a service with the same API.
 *
 * @param env Reads an environment variable.
 *
 * @returns The opener.
 */
export function s3DataLocation(env: (name: string) => string | undefined): OpenDataLocation {
  return (url, { entry, where, timeout }): DataLocation => {
    const key = objectKey(url, where);
    const at = (name?: string) => (name === undefined ? where : `${where}: ${name}`);
    const text = (name: string) => textOf(entry[name], at(name));
    const { send, urlOf } = createS3Client(readS3Account(url.host, { text, env, at }));
    const object = urlOf(key);

    const get = async (request: S3Request) => {
      const response = await send("GET", object, async (answer) => answer, request);
      if (response === null) throw new Error("it does not exist: there is no such key in the bucket");
      return response;
    };
    const bodyOf = ({ body }: Response) => body ?? new Response("").body ?? new ReadableStream<Uint8Array>();

    /** Sends bytes, for as long as it takes at a speed that is worth waiting for. */
    async function post<T>(
      method: string,
      target: URL,
      read: (response: Response) => Promise<T>,
      { body, signal }: S3Request,
    ): Promise<T> {
      const late = AbortSignal.timeout(Math.ceil(1000 * (timeout + (body?.length ?? 0) / minBytesPerSecond)));
      const both = signal ? AbortSignal.any([signal, late]) : late;
      const answer = await send(method, target, read, { body, signal: both }).catch((error) => {
        if (!late.aborted) throw error;
        throw new Error(
          `no answer from ${target.origin} within the time limit. Is it reachable? \`timeout\` waits longer`,
        );
      });
      if (answer === null) throw new Error("it does not exist: there is no such key in the bucket");
      return answer;
    }

    async function begin(signal: AbortSignal | undefined): Promise<PartialUpload> {
      const begun = await post("POST", urlOf(key, { uploads: "" }), (answer) => answer.text(), { signal });
      const uploadId = readText(begun, "UploadId");
      if (uploadId === undefined)
        throw new Error("the service began no upload: is this the endpoint of an S3 service?");
      const etags: string[] = [];
      return {
        async part(number, body) {
          const target = urlOf(key, { partNumber: String(number), uploadId });
          etags.push(await post("PUT", target, etagOf, { body, signal }));
        },
        async complete() {
          const body = new TextEncoder().encode(writeParts(etags));
          const answer = await post("POST", urlOf(key, { uploadId }), (response) => response.text(), { body, signal });
          // S3 says 200 before it knows.
          const code = readErrorCode(answer);
          if (code !== undefined) throw new Error(`the service could not put the parts together: ${code}`);
        },
        // Not with the caller's signal: that may be the reason to abort.
        abort: () => post("DELETE", urlOf(key, { uploadId }), ended, {}),
      };
    }

    return {
      async stream(signal) {
        const response = await get({ signal });
        const mediaType = response.headers.get("content-type") ?? undefined;
        return { bytes: bodyOf(response), mediaType, mayBeDecoded: true };
      },
      async parts(signal) {
        // Not HEAD, whose answer cannot say what is wrong.
        const first = await get({ headers: { range: "bytes=0-0" }, signal }).catch((error: unknown) => {
          if (error instanceof Error && "status" in error && error.status === 416) return undefined;
          throw error;
        });
        if (first === undefined) return { size: 0, read: () => Promise.reject(new Error("the object is empty")) };
        await first.body?.cancel();
        const size = /\/(\d+)$/.exec(first.headers.get("content-range") ?? "")?.[1];
        if (first.status !== 206 || size === undefined) return undefined;
        const etag = first.headers.get("etag");
        return {
          size: Number(size),
          async read(start, end, signal) {
            const response = await get({ headers: { range: `bytes=${start}-${end - 1}` }, signal });
            if (response.headers.get("etag") === etag) return bodyOf(response);
            await response.body?.cancel();
            throw new Error("it was changed while it was read");
          },
        };
      },
      write: (data, signal) =>
        upload(data, { put: (body) => post("PUT", object, ended, { body, signal }), begin: () => begin(signal) }),
    };
  };
}

async function ended(response: Response): Promise<void> {
  await response.arrayBuffer();
}

async function etagOf(response: Response): Promise<string> {
  await response.arrayBuffer();
  const etag = response.headers.get("etag");
  if (etag === null) throw new Error("the service gave a part no ETag: is this the endpoint of an S3 service?");
  return etag;
}

function textOf(value: unknown, at: string): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new LaunchpadError("CONFIG_INVALID", `${at}: text expected, found a value of type ${typeof value}`);
}
