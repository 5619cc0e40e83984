import { createStorage, type Driver } from "unstorage";
import { LaunchpadError, messageOf } from "../errors.ts";
import { fromBase64, toBase64 } from "../util/base64.ts";
import { createRetry, type RetryLimits } from "../util/retry.ts";

/** Bytes and JSON by key, whatever driver is behind it. */
export interface Storage {
  /** Where it is, for messages; without a password. */
  readonly location: string;
  /** The bytes; undefined if there are none under this key. */
  read(key: string, expectation?: Expectation): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The parsed JSON; undefined if there is nothing under this key. STORE_CORRUPT if it is not JSON. */
  readJson(key: string, expectation?: Expectation): Promise<unknown>;
  write(key: string, bytes: Uint8Array | string): Promise<void>;
  /** Does nothing where there is nothing. */
  remove(key: string): Promise<void>;
  /** All keys that begin with these segments, in order; all there are without any. */
  keys(...segments: string[]): Promise<string[]>;
  close(): Promise<void>;
}

/** What is known of something before it is read. */
export interface Expectation {
  /** It must be there: it is asked for again if it is not, since a storage may be late to show what was written. */
  readonly there?: boolean;
  /** The number of bytes: the more there are, the longer reading may take. */
  readonly size?: number;
}

/** Drivers that hand out the very object they keep: it must not change when its reader changes what he got. */
const sharesMemory: readonly (string | undefined)[] = ["memory", "lru-cache"];

/** How bytes are marked that a driver without raw methods keeps as text; unstorage writes the same. */
const base64Mark = "base64:";

/**
 * Creates a storage over a driver of unstorage 1.17.6, and works around what that does not do:
 *
 * - `getItem` parses what it reads, so that "1.10" becomes a number: only raw bytes are read and written.
 * - Raw reads give whatever the driver likes: it becomes a Uint8Array.
 * - Of a driver without raw methods, bytes are kept as base64. unstorage would need `Buffer` for large ones.
 * - Writing to a driver that cannot write does nothing and says nothing: it is an error.
 * - What follows "?" in a key is dropped: our keys hold none (see layout.ts).
 * - `clear` does nothing on a root mount: nothing here needs it.
 *
 * What fails is tried again, unless it would fail in the same way.
 *
 * @param driver The driver.
 * @param location Where it keeps things, for messages.
 * @param patience How often and how long the driver is asked.
 * @param named Where the configuration says where it is.
 *
 * @returns A storage, whose methods throw STORE_UNAVAILABLE when the driver fails.
 */
export function createStorageOver(
  driver: Driver,
  location: string,
  patience?: RetryLimits,
  named = "model_store.location",
): Storage {
  const storage = createStorage({ driver });
  const retry = createRetry(patience);
  const where = withoutPassword(location);
  const keepsText = driver.setItem !== undefined && driver.setItemRaw === undefined;
  const shares = sharesMemory.includes(driver.name);

  const attempt = async <T>(
    verb: "read" | "written",
    key: string,
    action: () => T | Promise<T>,
    size?: number,
  ): Promise<T> => {
    try {
      return await retry.untilDone(action, size);
    } catch (cause) {
      throw new LaunchpadError(
        "STORE_UNAVAILABLE",
        `[store] ${where} cannot be ${verb}${key && ` at ${pathOf(key)}`}: ${messageOf(cause)}. ` +
          `Check that ${named} is right, that it can be reached, and its permissions.`,
        { cause },
      );
    }
  };

  const readOnce = async (key: string) => {
    const found = await (keepsText ? driver.getItem(key, {}) : storage.getItemRaw<unknown>(key));
    if (keepsText && typeof found === "string" && found.startsWith(base64Mark)) {
      return fromBase64(found.slice(base64Mark.length));
    }
    return toBytes(found, shares);
  };

  const read: Storage["read"] = (key, { there = false, size } = {}) => {
    const ask = () => attempt("read", key, () => readOnce(key), size);
    return there ? retry.untilThere(ask) : ask();
  };

  return {
    location: where,
    read,
    async readJson(key, expectation) {
      const bytes = await read(key, expectation);
      if (bytes === undefined) return undefined;
      try {
        return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
      } catch (cause) {
        throw new LaunchpadError(
          "STORE_CORRUPT",
          `[store] ${where}: ${pathOf(key)} is not JSON: ${messageOf(cause)}.`,
          {
            cause,
          },
        );
      }
    },
    async write(key, data) {
      const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
      const action = async () => {
        if (keepsText) return storage.setItem(key, base64Mark + toBase64(bytes));
        if (driver.setItemRaw === undefined) throw readOnly();
        return storage.setItemRaw(key, shares ? bytes.slice() : bytes);
      };
      await attempt("written", key, action, bytes.length);
    },
    remove: (key) =>
      attempt("written", key, () => {
        if (driver.removeItem === undefined) throw readOnly();
        return storage.removeItem(key);
      }),
    keys: (...segments) =>
      attempt("read", "", async () => (await storage.getKeys(segments.length ? `${segments.join(":")}:` : "")).sort()),
    close: () => attempt("written", "", () => storage.dispose()),
  };
}

/**
 * Creates the path of a key as a folder or a bucket shows it.
 *
 * @param key A key, with colons.
 *
 * @returns The key, with slashes.
 */
export function pathOf(key: string): string {
  return key.replaceAll(":", "/");
}

async function toBytes(value: unknown, copy: boolean): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") return new TextEncoder().encode(value);
  if (value instanceof Blob || value instanceof ReadableStream) {
    return new Uint8Array(await new Response(value).arrayBuffer());
  }
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    // A view of shared memory is copied too, since it could change while its digest is taken.
    if (copy || !(buffer instanceof ArrayBuffer)) return new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
    return new Uint8Array(buffer, byteOffset, byteLength);
  }
  if (value instanceof ArrayBuffer) return new Uint8Array(copy ? value.slice() : value);
  throw new Error(`found ${Object.prototype.toString.call(value)}, expected bytes`);
}

/** The code says that there is no use in trying again. */
function readOnly(): Error {
  return Object.assign(new Error("it is read-only"), { code: "EROFS" });
}

function withoutPassword(location: string): string {
  return location.replace(/(\/\/)[^/?#]*@/, "$1***@");
}
