import { formDecoded } from "../../util/percent.ts";

/** Names and values of a query, decoded, in their order; where it was asked for, each value as it was sent as well. */
export type QueryPairs = Iterable<readonly [name: string, value: string, sent?: string]>;

/**
 * Reads the query of a URL, as `URLSearchParams` does. Most queries have nothing to decode: for those it takes longer to
 * ask `URLSearchParams` than to cut the text.
 *
 * @param url A URL.
 * @param sent Whether values are wanted as they were sent, too.
 *
 * @returns The pairs.
 */
export function queryPairs(url: string, sent = false): QueryPairs {
  const start = url.indexOf("?") + 1;
  if (start === 0) return [];
  const hash = url.indexOf("#", start);
  return pairsIn(hash < 0 ? url.slice(start) : url.slice(start, hash), sent);
}

/**
 * Reads text that is encoded like a query.
 *
 * @param query The text.
 * @param sent Whether values are wanted as they were sent, too.
 *
 * @returns The pairs.
 */
export function pairsIn(query: string, sent: boolean): QueryPairs {
  if (needsDecoding.test(query)) return sent ? sentPairs(query) : new URLSearchParams(`?${query}`);
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

function sentPairs(query: string): readonly (readonly [string, string, string])[] {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      const value = equals < 0 ? "" : pair.slice(equals + 1);
      return [formDecoded(equals < 0 ? pair : pair.slice(0, equals)), formDecoded(value), value] as const;
    });
}

/** Escapes and spaces; and anything but ASCII, of which there may be halves of characters. */
const needsDecoding = /[%+]|[^\x20-\x7e]/;
