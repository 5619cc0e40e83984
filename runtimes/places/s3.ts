import type { OpenDataLocation } from "../../src/internal.ts";
import { readS3Account } from "../s3/account.ts";
import { createS3Client, type S3Request } from "../s3/client.ts";
import { listObjects } from "../s3/list-objects.ts";
import { readErrorCode, writeParts } from "../s3/xml.ts";
import { readText } from "../util/xml.ts";
import type { PartialUpload } from "./multipart-upload.ts";
import { folderKey, objectKey } from "./object-key.ts";
import { objectLocation, sendInTime, settingText } from "./object-location.ts";

/**
 * Opener of `s3://bucket/key`, on S3 or a service with the same API.
 *
 * @param env Reads an environment variable.
 *
 * @returns The opener.
 */
export function s3Location(env: (name: string) => string | undefined): OpenDataLocation {
  return (url, { entry, where, timeout, isFolder = false }) => {
    const key = isFolder ? folderKey(url, where) : objectKey(url, where);
    const at = (name?: string) => (name === undefined ? where : `${where}: ${name}`);
    const text = (name: string) => settingText(entry[name], at(name));
    const client = createS3Client(readS3Account(url.host, { text, env, at }));
    const { send, urlOf } = client;
    const object = urlOf(key);
    const list = async (_: unknown, signal?: AbortSignal) => {
      const names = await listObjects(client, key, signal);
      return names.map((name) => name.slice(key.length));
    };

    const post = <T>(method: string, target: URL, read: (response: Response) => Promise<T>, request: S3Request) =>
      sendInTime(target.origin, timeout, request, (signal) => send(method, target, read, { ...request, signal }));

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

    const place = objectLocation({
      async get(headers, signal) {
        const response = await send("GET", object, async (answer) => answer, { headers, signal });
        if (response === null) throw new Error("it does not exist: there is no such key in the bucket");
        return response;
      },
      put: (body, headers, signal) => post("PUT", object, ended, { body, headers, signal }),
      remove: (signal) => send("DELETE", object, ended, { signal }),
      target: (signal) => ({
        put: (body) => post("PUT", object, ended, { body, signal }),
        begin: () => begin(signal),
      }),
    });
    return { ...place, list };
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
