import { escapeXml, textsOf } from "../util/xml.ts";

/** One page of a list of objects. */
export interface ListPage {
  readonly names: readonly string[];
  /** What to ask for the next page with; undefined on the last one. */
  readonly next: string | undefined;
}

/**
 * Reads a page of a list, as ListObjectsV2 answers
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html). That is all of XML that S3 needs: elements
 * that hold either text or elements. What does not fit is an error, never a shorter list.
 *
 * @param xml The body of the answer.
 *
 * @returns The names and the token for the next page.
 *
 * @throws An error when the body is anything else.
 */
export function readListPage(xml: string): ListPage {
  const names = textsOf(xml, "Key");
  const entries = xml.match(/<Contents[\s>]/g)?.length ?? 0;
  const truncated = textsOf(xml, "IsTruncated")[0]?.trim();
  const next = textsOf(xml, "NextContinuationToken")[0];
  const isWhole = /<ListBucketResult[\s>]/.test(xml) && xml.trimEnd().endsWith("</ListBucketResult>");
  if (!isWhole || names.length !== entries || (truncated !== "true" && truncated !== "false")) {
    throw new Error("the answer is not a list of objects: is this the endpoint of an S3 service?");
  }
  if (truncated === "false") return { names, next: undefined };
  if (next) return { names, next };
  throw new Error("the list of objects goes on, and the answer does not say how: the service lacks ListObjectsV2");
}

/**
 * Reads the code of an error, such as `NoSuchBucket`.
 *
 * @param xml The body of the answer.
 *
 * @returns The code; undefined if the body has none.
 */
export function readErrorCode(xml: string): string | undefined {
  return textsOf(xml, "Code").find((code) => /^\w{1,64}$/.test(code));
}

/**
 * Creates the list of parts that completes an upload
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html).
 *
 * @param etags What the service answered to each part, in order.
 *
 * @returns The body of the request.
 */
export function writeParts(etags: readonly string[]): string {
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
}
