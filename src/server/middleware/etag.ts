/**
 * Tells whether a caller has a state already (RFC 9110, section 13.1.2).
 *
 * @param header The header `If-None-Match` of the request.
 * @param etag The name of the state. Whoever compressed it on the way may have made it a weak one.
 *
 * @returns Whether the header names it.
 */
export function isKnown(header: string, etag: string): boolean {
  return header.split(",").some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));
}
