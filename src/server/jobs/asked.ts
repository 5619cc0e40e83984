import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { argumentsInvalid } from "../arguments-invalid.ts";
import { readBytes, tooLarge } from "../body/bytes.ts";
import type { BodyLimits } from "../body/limits.ts";
import type { RequestContext } from "../request-context.ts";

const encoder = new TextEncoder();
const idForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** A request whose body has been read. */
export interface ReadRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Reads a request whole.
 *
 * @param request The request.
 * @param method The method that it stands for.
 * @param maxBytes The most that its body may have.
 * @param limits How long it may take to come.
 *
 * @returns Its parts.
 *
 * @throws BODY_TOO_LARGE, REQUEST_TIMED_OUT, ARGUMENTS_INVALID when it breaks off.
 */
export async function readWhole(
  request: Request,
  method: string,
  maxBytes: number,
  limits: BodyLimits,
): Promise<ReadRequest> {
  const { url, headers } = request;
  if (method === "GET" || request.body === null) return { url, method, headers, body: undefined };
  if (Number(headers.get("content-length")) > maxBytes) throw tooLarge(maxBytes);
  const body = await readBytes(request.body, maxBytes, limits.timeout);
  return { url, method, headers, body: body.length > 0 ? body : undefined };
}

/** Creates the request again, as often as somebody reads it. */
export function requestOf({ url, method, headers, body }: ReadRequest): Request {
  return new Request(url, { method, headers, ...(body && { body }) });
}

/**
 * Digest of what a request asks: two that have the same ask the same.
 *
 * @param request The request.
 * @param resource What it asks, and the headers that are arguments of it.
 * @param webhook Where it wants the end to be told.
 *
 * @returns Lower-case hexadecimal.
 */
export function digestOf(
  { method, url, headers, body }: ReadRequest,
  resource: { readonly route: string; readonly headers: readonly string[] },
  webhook: string | undefined,
): string {
  const args = resource.headers.map((name) => [name.toLowerCase(), headers.get(name)]);
  const type = headers.get("content-type") ?? "";
  const head = [method, resource.route, new URL(url).search, type, webhook ?? "", args];
  const hash = sha256.create().update(encoder.encode(JSON.stringify(head)));
  return bytesToHex((body ? hash.update(body) : hash).digest());
}

/**
 * Key of a job in the storage: each caller has ids of their own, so that no other finds them.
 *
 * @param basePath The path of the API.
 * @param context Who calls.
 * @param id The id.
 *
 * @returns Lower-case hexadecimal.
 */
export function keyOf(basePath: string, { caller, callerKind }: RequestContext, id: string): string {
  const parts = caller === undefined ? [basePath, id] : [basePath, id, callerKind ?? "", caller];
  return bytesToHex(sha256(encoder.encode(JSON.stringify(parts))));
}

/** Takes the id that a caller gives a job. Throws ARGUMENTS_INVALID where it is none. */
export function idOf(path: Readonly<Record<string, string>>): string {
  const { id = "" } = path;
  if (idForm.test(id)) return id;
  const message = "expected 1 to 64 letters, digits, - and _, a letter or digit first";
  throw argumentsInvalid([{ in: "path", name: "id", message, received: id }]);
}

/** Creates an id that nobody can guess. */
export function newId(): string {
  return crypto.randomUUID().replaceAll("-", "");
}
