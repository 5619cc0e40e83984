import { type Driver, defineDriver } from "unstorage";

/** Somewhere that keeps bytes by name. */
export interface Objects {
  /** What the driver is called. */
  readonly name: string;
  /** What the names start with; empty, or ending in the separator. */
  readonly prefix: string;
  /** What stands between the parts of a name. */
  readonly separator: "/" | ":";
  /** The bytes; null if there are none under this name. */
  get(name: string): Promise<Uint8Array | null>;
  has(name: string): Promise<boolean>;
  put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(name: string): Promise<void>;
  /** All names that begin with this, the prefix included, however many there are. */
  list(beginning: string): Promise<readonly string[]>;
  dispose?(): Promise<void>;
}

/**
 * Creates a driver of unstorage over objects by name. With slashes between the parts of a name, objects have the names
 * of the files in a local model store, so that a folder can be copied into a bucket and back.
 *
 * @param objects Where the bytes are.
 *
 * @returns A driver with raw methods.
 *
 * @throws From its methods: an error for a key that could lead out of the prefix.
 */
export const objectDriver: (objects: Objects) => Driver = defineDriver((objects: Objects): Driver => {
  const { prefix, separator } = objects;
  const nameOf = (key: string) => prefix + segmentsOf(key).join(separator);
  return {
    name: objects.name,
    hasItem: (key) => objects.has(nameOf(key)),
    async getItem(key) {
      const bytes = await objects.get(nameOf(key));
      return bytes && new TextDecoder().decode(bytes);
    },
    getItemRaw: (key) => objects.get(nameOf(key)),
    setItem: (key, value) => objects.put(nameOf(key), toBytes(value)),
    setItemRaw: (key, value: Uint8Array | string) => objects.put(nameOf(key), toBytes(value)),
    removeItem: (key) => objects.remove(nameOf(key)),
    // unstorage asks for all keys without a base, whatever its type says.
    async getKeys(base: string = "") {
      const folder = base.replace(/[:/]$/, "");
      const names = await objects.list(folder === "" ? prefix : nameOf(folder) + separator);
      const paths = names.map((name) => name.slice(prefix.length).split(separator));
      // Consoles of buckets make empty objects whose names end in a slash, to show them as folders.
      return paths.filter((path) => !path.includes("")).map((path) => path.join(":"));
    },
    dispose: () => objects.dispose?.(),
  };
});

/** The parts of a key. URLs resolve `.` and `..`, whatever follows from that. */
function segmentsOf(key: string): string[] {
  const segments = key.split(/[:/]/);
  const wrong = segments.find((segment) => /^\.{0,2}$/.test(segment));
  if (wrong === undefined) return segments;
  throw Object.assign(
    new Error(
      `the key ${JSON.stringify(key)} is refused because of ${JSON.stringify(wrong)}: ` +
        'a key is made of names with colons between them, and none is empty, "." or ".."',
    ),
    { code: "EINVAL" },
  );
}

function toBytes(value: Uint8Array | string): Uint8Array<ArrayBuffer> {
  if (typeof value === "string") return new TextEncoder().encode(value);
  const { buffer, byteOffset, byteLength } = value;
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(value);
}
