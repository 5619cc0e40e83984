import { LaunchpadError } from "../../errors.ts";
import { truncateText } from "../../util/truncate.ts";
import { jsonOf, textOf } from "../body/bytes.ts";
import { readEncodedBody } from "../body/encoded-body.ts";

/**
 * Media type of a body.
 *
 * @param request The request.
 * @param allowed Those that are taken.
 *
 * @returns One of them; the first where the request says none.
 *
 * @throws MEDIA_TYPE_UNSUPPORTED for another type, or text that is not UTF-8.
 */
export function mediaTypeOf<const Types extends readonly string[]>(request: Request, allowed: Types): Types[number] {
  const given = request.headers.get("content-type") ?? "";
  const [essence = "", ...parameters] = given.split(";").map((part) => part.trim().toLowerCase());
  const found = essence === "" ? allowed[0] : allowed.find((type) => type === essence);
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  if (found !== undefined && (charset === undefined || /^"?(utf-?8|us-ascii)"?$/.test(charset))) return found;
  throw new LaunchpadError(
    "MEDIA_TYPE_UNSUPPORTED",
    `The body has the content type ${truncateText(given)}: expected ${allowed.join(" or ")}, in UTF-8`,
  );
}

/**
 * Reads a body in JSON, which may be compressed.
 *
 * @param request The request.
 * @param maxBytes The most that it may have.
 *
 * @returns The value; undefined for an empty body.
 *
 * @throws MEDIA_TYPE_UNSUPPORTED, BODY_TOO_LARGE, ARGUMENTS_INVALID.
 */
export async function readJsonRequest(request: Request, maxBytes: number): Promise<unknown> {
  const bytes = await readEncodedBody(request, maxBytes);
  if (bytes.length === 0) return undefined;
  mediaTypeOf(request, ["application/json"]);
  return jsonOf(textOf(bytes));
}
