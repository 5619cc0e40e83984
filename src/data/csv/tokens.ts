/** A few texts that are looked for among cells. */
export interface Tokens {
  /** The position of the text that a cell is; -1 if it is none of them. */
  find(bytes: Uint8Array, start: number, end: number): number;
}

interface Token {
  readonly bytes: Uint8Array;
  readonly index: number;
}

/**
 * Creates a set of texts that is asked for the bytes of every cell: most do not even begin as one of them does.
 *
 * @param texts The texts.
 *
 * @returns The set.
 */
export function createTokens(texts: Iterable<string>): Tokens {
  const encoder = new TextEncoder();
  const byFirst: (Token[] | undefined)[] = Array.from({ length: 256 }, () => undefined);
  const begins = new Uint8Array(256);
  let empty = -1;
  let index = 0;
  for (const text of texts) {
    const bytes = encoder.encode(text);
    const first = bytes[0];
    if (first === undefined) empty = index;
    else {
      begins[first] = 1;
      byFirst[first] = [...(byFirst[first] ?? []), { bytes, index }];
    }
    index++;
  }

  function among(tokens: readonly Token[], bytes: Uint8Array, start: number, end: number): number {
    for (const token of tokens) {
      if (token.bytes.length !== end - start) continue;
      let same = 1;
      while (start + same < end && token.bytes[same] === bytes[start + same]) same++;
      if (start + same === end) return token.index;
    }
    return -1;
  }

  return {
    find(bytes, start, end) {
      if (start === end) return empty;
      const first = bytes[start] as number;
      return begins[first] === 0 ? -1 : among(byFirst[first] ?? [], bytes, start, end);
    },
  };
}
