import { bytesOf } from "../../../util/streams.ts";
import type { Frame, Sink, SinkDriver } from "../../types.ts";
import { createSink } from "../sink.ts";

/** Writes that wait until it is known that they should be done. */
export interface HeldWrites {
  /** Sink of the same name, whose writes wait. */
  hold(sink: Sink): Sink;
  /** Whether there are any. */
  any(): boolean;
  /**
   * Does them, in their order.
   *
   * @param unawaited Is handed each that the model did not wait for.
   *
   * @throws What the first write threw that the model waited for.
   */
  commit(unawaited: (writing: Promise<void>) => void): Promise<void>;
}

/** One write, of what the model handed over. */
interface Held {
  /** Resolves when what is to be written is here. */
  readonly taken: Promise<void>;
  run(): Promise<void>;
  /** Whether the model waited for it. */
  awaited: boolean;
}

/**
 * Writes of a prediction whose result is still to be checked: what the model writes is kept in memory, and whoever waits for
 * it goes on when it has been taken over.
 *
 * @returns No writes yet.
 */
export function createHeldWrites(): HeldWrites {
  const writes: Held[] = [];

  function holdOne(taking: (keep: (run: () => Promise<void>) => void) => Promise<void>): Promise<void> {
    let write = async () => {};
    const taken = taking((run) => {
      write = run;
    });
    // What could not be taken over is said where it is written.
    taken.catch(() => {});
    const held: Held = { taken, run: () => taken.then(() => write()), awaited: false };
    writes.push(held);
    return noticing(taken, () => {
      held.awaited = true;
    });
  }

  return {
    hold(sink) {
      const { name, type, tags } = sink;
      const taker = (driver: SinkDriver) => createSink(driver, { name, type, tags, where: name });
      return {
        name,
        type,
        tags,
        write: (data) =>
          holdOne((keep) =>
            taker({
              async write(frames) {
                const all: Frame[] = [];
                for await (const frame of frames) all.push(frame);
                keep(() => sink.write(all));
              },
            }).write(data),
          ),
        removeBefore: (column, text) => holdOne(async (keep) => keep(() => sink.removeBefore(column, text))),
        writeRaw: (data) =>
          holdOne((keep) =>
            taker({
              async writeRaw(stream) {
                const bytes = await bytesOf(stream);
                keep(() => sink.writeRaw(bytes));
              },
            }).writeRaw(data),
          ),
      };
    },
    any: () => writes.length > 0,
    async commit(unawaited) {
      for (const { taken, run, awaited } of writes.splice(0)) {
        // Whoever closes the data waits for writes that have begun.
        await taken.catch(() => {});
        const writing = run();
        if (awaited) await writing;
        else unawaited(writing);
      }
    },
  };
}

/** A promise that tells when somebody waits for it. */
function noticing(promise: Promise<void>, onAwait: () => void): Promise<void> {
  return {
    // biome-ignore lint/suspicious/noThenProperty: this is a promise
    then(fulfilled, rejected) {
      onAwait();
      return promise.then(fulfilled, rejected);
    },
    catch: (rejected) => promise.catch(rejected),
    finally(done) {
      onAwait();
      return promise.finally(done);
    },
    [Symbol.toStringTag]: "Promise",
  };
}
