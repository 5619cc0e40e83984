import { XzReadableStream } from "xz-decompress";
import type { Codec } from "./codec.ts";

/** Resolves when the file before has been read. */
let turn: Promise<void> = Promise.resolve();

/** xz, read by WebAssembly, which Workers do not compile. There is no well-kept library that writes it everywhere. */
export const codec: Codec = {
  magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  decompress: (bytes) => new XzReadableStream(bytes),
  // The library reads one file at a time, from its first byte to its last: one that waits for its reader would keep all others
  // waiting, for ever where that reader waits for another of them. So each is read at once, whoever reads on, into memory.
  inTurn(open, cancel) {
    const pieces: Uint8Array[] = [];
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    let isCancelled = false;

    async function readWhole(): Promise<void> {
      const before = turn;
      let next = () => {};
      turn = new Promise((resolve) => {
        next = resolve;
      });
      await before;
      try {
        if (isCancelled) return;
        reader = open().getReader();
        for (let piece = await reader.read(); !piece.done; piece = await reader.read()) pieces.push(piece.value);
      } finally {
        next();
      }
    }

    let reading: Promise<void> | undefined;
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          reading ??= readWhole().then(() => void pieces.reverse());
          await reading;
          const piece = pieces.pop();
          if (piece !== undefined) controller.enqueue(piece);
          else controller.close();
        },
        cancel(reason) {
          isCancelled = true;
          pieces.length = 0;
          return reader ? reader.cancel(reason) : cancel(reason);
        },
      },
      { highWaterMark: 0 },
    );
  },
};
