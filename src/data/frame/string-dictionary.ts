/** Different values, each kept once, and found by their bytes. */
export interface StringDictionary {
  /** The position of a value among the different ones; -1 if it is new and there is no room for another. */
  code(bytes: Uint8Array, start: number, end: number): number;
  /** How many there are. */
  count(): number;
  /** All of them, one after the other, and where each begins. */
  values(): { readonly bytes: Uint8Array; readonly offsets: Uint32Array };
}

/** So many values in a row whose places are taken are no accident, so that nobody can make reading slow. */
const maxProbes = 64;

/**
 * Creates an empty set of values in UTF-8: a hash table (FNV-1a) with open addressing.
 *
 * @param limit How many different values it takes.
 *
 * @returns The set.
 */
export function createStringDictionary(limit: number): StringDictionary {
  let slots = new Int32Array(256);
  let hashes = new Int32Array(128);
  let offsets = new Uint32Array(129);
  let bytes = new Uint8Array(1024);
  let count = 0;

  function insert(slot: number, hash: number, from: Uint8Array, start: number, end: number): number {
    if (count === limit) return -1;
    const at = offsets[count] ?? 0;
    const needed = at + end - start;
    if (needed > bytes.length) bytes = grown(bytes, new Uint8Array(Math.max(needed, bytes.length * 2)));
    bytes.set(from.subarray(start, end), at);
    hashes[count] = hash;
    offsets[count + 1] = needed;
    slots[slot] = ++count;
    if (count === hashes.length) spread();
    return count - 1;
  }

  function spread(): void {
    hashes = grown(hashes, new Int32Array(hashes.length * 4));
    offsets = grown(offsets, new Uint32Array(hashes.length + 1));
    slots = new Int32Array(hashes.length * 2);
    for (let code = 0; code < count; code++) {
      let slot = (hashes[code] ?? 0) & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = code + 1;
    }
  }

  return {
    code(from, start, end) {
      let hash = 0x811c9dc5;
      for (let i = start; i < end; i++) hash = Math.imul(hash ^ (from[i] ?? 0), 0x01000193);
      hash ^= hash >>> 15;
      const mask = slots.length - 1;
      const length = end - start;
      for (let probe = 0, slot = hash & mask; probe < maxProbes; probe++, slot = (slot + 1) & mask) {
        const code = (slots[slot] ?? 0) - 1;
        if (code === -1) return insert(slot, hash, from, start, end);
        if (hashes[code] !== hash) continue;
        const at = offsets[code] ?? 0;
        if ((offsets[code + 1] ?? 0) - at !== length) continue;
        let same = 0;
        while (same < length && bytes[at + same] === from[start + same]) same++;
        if (same === length) return code;
      }
      return -1;
    },
    count: () => count,
    values: () => ({ bytes: bytes.slice(0, offsets[count]), offsets: offsets.slice(0, count + 1) }),
  };
}

/** Copies what there is into a longer array. */
function grown<T extends Uint8Array | Int32Array | Uint32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
