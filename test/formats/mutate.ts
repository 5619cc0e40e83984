/** Source of numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const numbers = [
  "-1",
  "0",
  "1",
  "2147483647",
  "-2147483648",
  "4294967296",
  "1e308",
  "-1e400",
  "nan",
  "NaN",
  "99999999999999999999",
  "0.5",
];
const marks = ['"', "{", "}", "[", "]", ",", ":", " ", "\n", "=", "L", "l", "#", "$", "Z", "S"];

/**
 * Alters a file as damage, truncation or an attacker would.
 *
 * @param file The file.
 * @param random Numbers from 0 to below 1.
 *
 * @returns Another file.
 */
export function mutated(file: Uint8Array, random: () => number): Uint8Array {
  const below = (count: number) => Math.floor(random() * count);
  const at = below(file.length);
  const spliced = (start: number, removed: number, added: Uint8Array): Uint8Array => {
    const rest = file.subarray(Math.min(file.length, start + removed));
    const made = new Uint8Array(start + added.length + rest.length);
    made.set(file.subarray(0, start));
    made.set(added, start);
    made.set(rest, start + added.length);
    return made;
  };
  const text = (value: string) => new TextEncoder().encode(value);
  switch (below(8)) {
    case 0:
      return file.slice(0, at);
    case 1: {
      const made = file.slice();
      for (let i = 1 + below(4); i > 0; i--) made[below(made.length)] = below(256);
      return made;
    }
    case 2: {
      const made = file.slice();
      made[at] = (made[at] ?? 0) ^ (1 << below(8));
      return made;
    }
    case 3:
      return spliced(at, 1 + below(64), new Uint8Array(0));
    case 4:
      return spliced(at, 0, file.slice(at, at + 1 + below(256)));
    case 5: {
      // Another number in place of one: lengths, children, features, counts.
      let start = at;
      const isDigit = (i: number) => (file[i] ?? 0) >= 48 && (file[i] ?? 0) <= 57;
      while (start < file.length && !isDigit(start)) start++;
      let end = start;
      while (end < file.length && isDigit(end)) end++;
      return spliced(start, end - start, text(numbers[below(numbers.length)] ?? "0"));
    }
    case 6:
      return spliced(at, 1, text(marks[below(marks.length)] ?? " "));
    default: {
      const made = file.slice();
      made.fill(below(2) * 255, at, at + 1 + below(8));
      return made;
    }
  }
}
