import { tapStream } from "../../util/streams.ts";
import { byteDigest, type Digest, frameDigest } from "../frame/digest.ts";
import type { Frame, Params, SourceDriver } from "../types.ts";

/** One reading of a source: true from its first moment, final when it is complete. */
export interface Read {
  readonly name: string;
  readonly action: string;
  readonly params: Params;
  /** How many were handed out; undefined for text and bytes. */
  readonly rows: number | undefined;
  /** Their names; undefined for text and bytes. */
  readonly columns: readonly string[] | undefined;
  /** Lower-case hexadecimal; undefined as long as the reading is not complete. */
  readonly sha256: string | undefined;
  /** What the digest is over: the bytes of a file, or else the values of the frames. */
  readonly digestOf: "bytes" | "values";
  /** False while it lasts, and for ever if it failed or whoever read stopped early. */
  readonly complete: boolean;
}

/** Where the readings of one call of a model are taken down. */
export interface ReadLog {
  readonly action: string;
  readonly name: string;
  readonly reads: Read[];
  /** Is told of each reading as it begins, and may look at its frames as they come. */
  readonly observe?: ObserveReading | undefined;
}

/** Looks on while a source is read: returns what is handed each frame, if it wants them. */
export type ObserveReading = (
  reading: Pick<Read, "name" | "action" | "params">,
) => ((frame: Frame) => void) | undefined;

/**
 * Creates a driver that takes down what another one reads: how much, and its SHA-256. Nothing is read twice, and
 * nothing is kept. The digest is over the bytes where the driver tells them: the dtypes of a CSV file are inferred
 * for each batch, so that its values depend on the size of the batches, and the bytes do not.
 *
 * @param driver The driver to read with.
 * @param log Who reads, and where that is taken down.
 *
 * @returns A driver that does the same.
 */
export function recordLineage(driver: SourceDriver, log: ReadLog): SourceDriver {
  const frame = driver.frame?.bind(driver);
  const batches = driver.batches?.bind(driver);
  const stream = driver.stream?.bind(driver);
  return {
    ...(frame && {
      async frame(request) {
        const reading = begin(log, request.params);
        const result = await frame({ ...request, onBytes: reading.bytes });
        reading.frame(result);
        reading.end();
        return result;
      },
    }),
    ...(batches && {
      async *batches(request) {
        const reading = begin(log, request.params);
        for await (const batch of batches({ ...request, onBytes: reading.bytes })) {
          reading.frame(batch);
          yield batch;
        }
        reading.end();
      },
    }),
    ...(stream && {
      async stream(request) {
        const reading = begin(log, {}, "bytes");
        return tapStream(await stream(request), reading.bytes, reading.end);
      },
    }),
  };
}

function begin({ action, name, reads, observe }: ReadLog, params: Params, digestOf: Read["digestOf"] = "values") {
  const at = reads.length;
  const look = digestOf === "values" ? observe?.({ action, name, params }) : undefined;
  let read: Read = {
    action,
    name,
    params,
    rows: undefined,
    columns: undefined,
    sha256: undefined,
    digestOf,
    complete: false,
  };
  let bytes: Digest<Uint8Array> | undefined;
  let values: Digest<Frame> | undefined;
  const update = (change: Partial<Read>) => {
    read = { ...read, ...change };
    reads[at] = read;
  };
  update({});
  return {
    bytes(chunk: Uint8Array) {
      if (bytes === undefined) update({ digestOf: "bytes" });
      bytes ??= byteDigest();
      bytes.add(chunk);
    },
    frame(frame: Frame) {
      look?.(frame);
      update({ rows: (read.rows ?? 0) + frame.length, columns: read.columns ?? frame.names });
      if (bytes !== undefined) return;
      values ??= frameDigest();
      values.add(frame);
    },
    end() {
      // A file without a byte, and batches without a frame, have a digest, too.
      const digest = bytes ?? values ?? (digestOf === "bytes" ? byteDigest() : frameDigest());
      update({ sha256: digest.end(), complete: true });
    },
  };
}
