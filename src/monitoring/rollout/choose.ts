/**
 * Chooses by the hash of a key: the same key, the same choice, in every process.
 *
 * @param key Who asks.
 * @param salt What is rolled out: with another, others are chosen.
 * @param percent For how many of a hundred keys the answer is yes.
 *
 * @returns Whether the key is one of them.
 */
export function isChosen(key: string, salt: string, percent: number): boolean {
  return hashOf(`${salt}\n${key}`) / 2 ** 32 < percent / 100;
}

/** FNV-1a of the UTF-16 code units, with MurmurHash3's finish: the last characters alone must spread over all values. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
