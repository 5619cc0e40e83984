import { describe, expect, it } from "vitest";
import { createXxh64 } from "../../../../src/data/location/codecs/xxh64.ts";

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, at) => at * 167 + at ** 2);

function sum(bytes: Uint8Array, step: number): number {
  const checksum = createXxh64();
  for (let at = 0; at < bytes.length; at += step) checksum.update(bytes.subarray(at, at + step));
  return checksum.low();
}

describe("XXH64", () => {
  it.each([
    ["", 0x51d8e999],
    ["a", 0xa98c6e5b],
    ["abc", 0xad770999],
  ])("of %j is the known one", (text, expected) => {
    expect(sum(new TextEncoder().encode(text), 100)).toBe(expected);
  });

  it.each([1, 14, 31, 32, 33, 222])("of %d bytes does not depend on the pieces", (length) => {
    const whole = sum(bytesOf(length), length);
    for (const step of [1, 7, 31, 32, 33]) expect(sum(bytesOf(length), step)).toBe(whole);
  });
});
