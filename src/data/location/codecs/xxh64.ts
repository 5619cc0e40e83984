/** Primes of the algorithm, each as its high and its low half. */
const primes = [
  [0x9e3779b1, 0x85ebca87],
  [0xc2b2ae3d, 0x27d4eb4f],
  [0x165667b1, 0x9e3779f9],
  [0x85ebca77, 0xc2b2ae63],
  [0x27d4eb2f, 0x165667c5],
] as const;
const [p1, p2, p3, p4, p5] = primes;

/** High half of the last operation: numbers of 64 bits are pairs, as bigint takes ten times as long. */
let high = 0;

/** Product of two pairs: its low half, and `high`. */
function times(ah: number, al: number, bh: number, bl: number): number {
  const a0 = al & 0xffff;
  const a1 = al >>> 16;
  const b0 = bl & 0xffff;
  const b1 = bl >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const other = a0 * b1 + (middle & 0xffff);
  high = (a1 * b1 + (middle >>> 16) + (other >>> 16) + Math.imul(ah, bl) + Math.imul(al, bh)) | 0;
  return Math.imul(al, bl);
}

/** Sum of two pairs: its low half, and `high`. */
function plus(ah: number, al: number, bh: number, bl: number): number {
  const low = (al >>> 0) + (bl >>> 0);
  high = (ah + bh + (low > 0xffffffff ? 1 : 0)) | 0;
  return low | 0;
}

/** A pair turned left by 1 to 31 bits: its low half, and `high`. */
function turned(ah: number, al: number, by: number): number {
  high = (ah << by) | (al >>> (32 - by));
  return (al << by) | (ah >>> (32 - by));
}

/** A pair of 64 bits that is one lane of the sum. */
function round(ah: number, al: number, ih: number, il: number): number {
  let low = times(ih, il, p2[0], p2[1]);
  low = plus(ah, al, high, low);
  low = turned(high, low, 31);
  return times(high, low, p1[0], p1[1]);
}

/** Checksum of bytes that come in pieces. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  /** The low half of the sum of all that came, as a number from 0. */
  low(): number;
}

/**
 * XXH64 with the seed 0: the checksum of what a frame of Zstandard holds.
 *
 * @returns A checksum of nothing yet.
 */
export function createXxh64(): Checksum {
  const highs = new Int32Array(4);
  const lows = new Int32Array(4);
  lows[0] = plus(p1[0], p1[1], p2[0], p2[1]);
  highs[0] = high;
  [highs[1], lows[1]] = p2;
  lows[3] = plus(~p1[0], ~p1[1], 0, 1);
  highs[3] = high;
  const rest = new Uint8Array(32);
  const restView = new DataView(rest.buffer);
  let waiting = 0;
  let length = 0;

  function stripe(view: DataView, at: number): void {
    for (let lane = 0; lane < 4; lane++) {
      const from = at + lane * 8;
      const input = view.getInt32(from, true);
      lows[lane] = round(highs[lane] as number, lows[lane] as number, view.getInt32(from + 4, true), input);
      highs[lane] = high;
    }
  }

  function update(bytes: Uint8Array): void {
    length += bytes.length;
    let at = 0;
    if (waiting > 0) {
      at = Math.min(32 - waiting, bytes.length);
      rest.set(bytes.subarray(0, at), waiting);
      waiting += at;
      if (waiting < 32) return;
      stripe(restView, 0);
      waiting = 0;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (; at + 32 <= bytes.length; at += 32) stripe(view, at);
    rest.set(bytes.subarray(at));
    waiting = bytes.length - at;
  }

  function low(): number {
    let [h, l] = p5 as readonly [number, number];
    if (length >= 32) {
      [h, l] = [0, 0];
      for (const [lane, by] of [1, 7, 12, 18].entries()) {
        l = plus(h, l, ...pair((bits) => turned(highs[lane] as number, lows[lane] as number, bits), by));
        h = high;
      }
      for (let lane = 0; lane < 4; lane++) {
        const [ih, il] = pair(() => round(0, 0, highs[lane] as number, lows[lane] as number));
        l = times(h ^ ih, l ^ il, p1[0], p1[1]);
        l = plus(high, l, p4[0], p4[1]);
        h = high;
      }
    }
    l = plus(h, l, Math.floor(length / 2 ** 32), length | 0);
    h = high;
    let at = 0;
    for (; at + 8 <= waiting; at += 8) {
      const [ih, il] = pair(() => round(0, 0, restView.getInt32(at + 4, true), restView.getInt32(at, true)));
      l = turned(h ^ ih, l ^ il, 27);
      l = times(high, l, p1[0], p1[1]);
      l = plus(high, l, p4[0], p4[1]);
      h = high;
    }
    if (at + 4 <= waiting) {
      const [ih, il] = pair(() => times(0, restView.getInt32(at, true), p1[0], p1[1]));
      l = turned(h ^ ih, l ^ il, 23);
      l = times(high, l, p2[0], p2[1]);
      l = plus(high, l, p3[0], p3[1]);
      h = high;
      at += 4;
    }
    for (; at < waiting; at++) {
      const [ih, il] = pair(() => times(0, rest[at] as number, p5[0], p5[1]));
      l = turned(h ^ ih, l ^ il, 11);
      l = times(high, l, p1[0], p1[1]);
      h = high;
    }
    l ^= h >>> 1;
    l = times(h, l, p2[0], p2[1]);
    h = high;
    // To the right by 29 bits, by 33 and, above, by 32.
    l = times(h ^ (h >>> 29), l ^ ((l >>> 29) | (h << 3)), p3[0], p3[1]);
    return (l ^ high) >>> 0;
  }

  return { update, low };
}

function pair(operation: (by: number) => number, by = 0): [high: number, low: number] {
  const low = operation(by);
  return [high, low];
}
