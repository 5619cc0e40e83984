import { describe, expect, it } from "vitest";
import { createMessageReader, decodeMessage, encodeMessage, type Message } from "../../../../src/model/host/message.ts";

const join = (pieces: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(pieces));

const read = (bytes: Uint8Array, size: number): Message[] => {
  const messages: Message[] = [];
  const reader = createMessageReader((message) => messages.push(message));
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  return messages;
};

const large = new Uint8Array(20_003).map((_, at) => at * 31);

describe("messages of the host protocol", () => {
  const messages: [object, Uint8Array[]][] = [
    [{ type: "a", text: "ü€𝄞" }, []],
    [{ type: "b" }, [Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(4)]],
    [{ type: "c" }, [large, Uint8Array.of(9)]],
    [{}, []],
  ];
  const bytes = join(messages.flatMap(([header, buffers]) => encodeMessage(header, buffers)));

  it("come whole, however they are cut", () => {
    for (const size of [1, 7, 16, 17, 64, 1000, 65_536, bytes.length]) {
      const found = read(bytes, size);
      expect(found.map(({ header }) => ({ ...header, buffers: undefined }))).toEqual(
        messages.map(([header]) => ({ ...header, buffers: undefined })),
      );
      expect(found.map(({ buffers }) => buffers.map((it) => Buffer.from(it)))).toEqual(
        messages.map(([, buffers]) => buffers.map((it) => Buffer.from(it))),
      );
    }
  });

  it("have buffers that typed arrays can stand on", () => {
    for (const { buffers } of read(bytes, 1000)) for (const { byteOffset } of buffers) expect(byteOffset % 8).toBe(0);
  });

  it("take a header of megabytes in small pieces without copying it again and again", () => {
    const message = join(encodeMessage({ text: "x".repeat(8_000_000) }));
    const started = performance.now();
    expect(read(message, 4096)).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it("are nothing else: text, other versions, headers that are no objects, buffers that do not fit", () => {
    const error = /expected .*found .*host protocol/;
    expect(() => read(new TextEncoder().encode("Hello from a print that went astray\n"), 100)).toThrow(error);
    const other = join(encodeMessage({ type: "a" }));
    other[3] = 2;
    expect(() => read(other, 100)).toThrow(/begins with 4c 50 48 01, found 4c 50 48 02/);
    const list = join(encodeMessage({ type: "ab" }));
    list.set(new TextEncoder().encode('["type","ab"]'), 16);
    expect(() => read(list.subarray(0, 16 + 13), 100)).toThrow(/expected/);
    const sizes = join(encodeMessage({ a: 1 }, [Uint8Array.of(1, 2, 3, 4)]));
    const text = Buffer.from(sizes).toString("latin1").replace("[4]", "[9]");
    expect(() => read(new Uint8Array(Buffer.from(text, "latin1")), 100)).toThrow(
      /expected buffers of 4 bytes, found 9/,
    );
    const huge = new Uint8Array(16).fill(255);
    huge.set([0x4c, 0x50, 0x48, 1]);
    expect(() => read(huge, 16)).toThrow(error);
  });

  it("are read out of bytes that hold one, and nothing of any other", () => {
    expect(decodeMessage(join(encodeMessage({ type: "contents" }, [large])))?.buffers).toEqual([large]);
    expect(decodeMessage(large)).toBeUndefined();
    expect(decodeMessage(new Uint8Array(3))).toBeUndefined();
    expect(decodeMessage(bytes)).toBeUndefined();
  });
});
