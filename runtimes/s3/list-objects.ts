import type { S3Client } from "./client.ts";
import { readListPage } from "./xml.ts";

/**
 * Lists the objects of a bucket, all pages of them.
 *
 * @param client The bucket.
 * @param prefix What their names begin with.
 * @param signal Ends the wait.
 *
 * @returns The names.
 */
export async function listObjects(
  { send, urlOf }: S3Client,
  prefix: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (let token: string | undefined; ; ) {
    const next = token ? { "continuation-token": token } : {};
    const url = urlOf("", { "list-type": "2", prefix, ...next });
    const page = readListPage((await send("GET", url, (response) => response.text(), { signal })) ?? "");
    names.push(...page.names);
    if (page.next === undefined) return names;
    if (page.next === token) throw new Error(`the list of the bucket at ${url.origin} does not go on`);
    token = page.next;
  }
}
