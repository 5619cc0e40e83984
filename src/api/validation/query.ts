/** Names and values of a query, decoded, in their order. */
export type QueryPairs = Iterable<readonly [name: string, value: string]>;

/**
 * Reads the query of a URL, as `URLSearchParams` does. Most queries have nothing to decode: for those it takes longer to
 * ask `URLSearchParams` than to cut the text.
 *
 * @param url A URL.
 *
 * @returns The pairs.
 */
export function queryPairs(url: string): QueryPairs {
  const start = url.indexOf("?") + 1;
  if (start === 0) return [];
  const hash = url.indexOf("#", start);
  const query = hash < 0 ? url.slice(start) : url.slice(start, hash);
  if (needsDecoding.test(query)) return new URLSearchParams(`?${query}`);
  const pairs: [string, string][] = [];
  for (let from = 0; from < query.length; ) {
    const ampersand = query.indexOf("&", from);
    const to = ampersand < 0 ? query.length : ampersand;
    const equals = query.indexOf("=", from);
    if (to > from) {
      const middle = equals < 0 || equals > to ? to : equals;
      pairs.push([query.slice(from, middle), query.slice(middle + 1, to)]);
    }
    from = to + 1;
  }
  return pairs;
}

/** Escapes and spaces; and anything but ASCII, of which there may be halves of characters. */
const needsDecoding = /[%+]|[^\x20-\x7e]/;
