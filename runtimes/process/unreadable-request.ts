import { unreadableProblem } from "../../src/internal.ts";

/** What is wrong with a request that a server could not read. */
export interface Unreadable {
  readonly status: number;
  readonly detail: string;
}

/** Request whose first lines are not those of HTTP, or whose host is none. */
export const malformed: Unreadable = {
  status: 400,
  detail: "The request cannot be read: expected the lines of HTTP, and one Host header that names a host",
};

/** What Node's server says of a request that it could not read, and what that means. */
const failures: Readonly<Record<string, Unreadable>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: "The headers of the request are larger than this server takes" },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, detail: "The extensions of a chunk are larger than this server takes" },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: "The request did not come to its end in time" },
};

/**
 * Finds what is wrong with a request by the code of the error that a server has for it.
 *
 * @param code The code, `HPE_HEADER_OVERFLOW`.
 *
 * @returns A status, and what a caller is told.
 */
export function unreadableBy(code: string | undefined): Unreadable {
  return failures[code ?? ""] ?? malformed;
}

/**
 * Creates the response to a request that a server could not read.
 *
 * @param unreadable What is wrong with it.
 *
 * @returns Its headers and its body, a problem document.
 */
export function unreadableAnswer({ status, detail }: Unreadable): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
} {
  const id = crypto.randomUUID();
  const body = unreadableProblem(status, detail, id);
  return {
    headers: {
      "content-type": "application/problem+json",
      "content-length": String(new TextEncoder().encode(body).length),
      "x-request-id": id,
      connection: "close",
    },
    body,
  };
}
