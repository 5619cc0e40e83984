/**
 * Decodes percent-encoded text (RFC 3986, section 2.1).
 *
 * @param text The text.
 *
 * @returns The text without escapes; those that are none stand for themselves.
 */
export function percentDecoded(text: string): string {
  if (!text.includes("%")) return text;
  return decoded(text, decodeURIComponent);
}

/**
 * Decodes what a form or a query holds, where a plus is a space.
 *
 * @param text The text.
 *
 * @returns The text without escapes.
 */
export function formDecoded(text: string): string {
  return percentDecoded(text.includes("+") ? text.replaceAll("+", " ") : text);
}

/**
 * Creates the text of a path in which whatever is the same is written alike: escapes of what need not be escaped are
 * decoded, those of reserved characters (RFC 3986, section 2.2), of a full stop and of a percent sign stay.
 *
 * @param path A path, or a part of one.
 *
 * @returns The path.
 */
export function normalizedPath(path: string): string {
  if (!path.includes("%")) return path;
  const kept = path.replace(/%2[5e]/gi, (one) => `%25${one.slice(1).toUpperCase()}`);
  return decoded(kept, decodeURI).replace(/%[0-9a-f]{2}/gi, (one) => one.toUpperCase());
}

/** Text of which one part is wrong is decoded as far as it can be. */
function decoded(text: string, decode: (part: string) => string): string {
  try {
    return decode(text);
  } catch {
    return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
      try {
        return decode(escapes);
      } catch {
        return escapes;
      }
    });
  }
}
