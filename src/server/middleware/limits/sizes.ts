import { LaunchpadError } from "../../../errors.ts";
import type { Middleware } from "../fold.ts";

/** What a request may weigh besides its body. */
export interface SizeLimits {
  readonly maxUrlBytes: number | undefined;
  readonly maxHeaderBytes: number | undefined;
}

/** A colon, a space, and the end of a line. */
const bytesAround = 4;

/**
 * Middleware that refuses requests with long URLs or large headers, on every runtime alike.
 *
 * @param limits What a request may weigh.
 *
 * @returns The layer; undefined where there is no limit.
 */
export function limitSizes({ maxUrlBytes, maxHeaderBytes }: SizeLimits): Middleware | undefined {
  if (maxUrlBytes === undefined && maxHeaderBytes === undefined) return undefined;
  return (context, next) => {
    const { request } = context;
    if (maxUrlBytes !== undefined && targetLength(request.url) > maxUrlBytes) {
      throw new LaunchpadError("URL_TOO_LONG", `The URL is longer than the ${maxUrlBytes} bytes that this API takes`);
    }
    if (maxHeaderBytes !== undefined) {
      let bytes = 0;
      for (const [name, value] of request.headers) bytes += name.length + value.length + bytesAround;
      if (bytes > maxHeaderBytes) {
        throw new LaunchpadError(
          "HEADERS_TOO_LARGE",
          `The headers are larger than the ${maxHeaderBytes} bytes that this API takes`,
        );
      }
    }
    return next(context);
  };
}

/** Path and query, as they were sent: a URL is ASCII by now. */
function targetLength(url: string): number {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  return start < 0 ? 1 : url.length - start;
}
