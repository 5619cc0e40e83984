import type { Driver } from "unstorage";

/** Files of a model store, by key: `iris:1.0.0:current.json`. Texts are smaller in a bundle than bytes. */
export type Embedded = Readonly<Record<string, Uint8Array<ArrayBuffer> | string>>;

/** The location of a model store that is part of the package itself. */
export const embeddedLocation = "embedded:";

/**
 * Creates a driver of unstorage over a part of a model store that was bundled. It only reads: what is in a package does not
 * change.
 *
 * @param files The files.
 *
 * @returns A driver, whose bytes are checked like those of any other.
 */
export function embeddedDriver(files: Embedded): Driver {
  const bytesOf = (key: string) => {
    const found = Object.hasOwn(files, key) ? files[key] : undefined;
    if (found === undefined) return null;
    // A copy, because whoever gets the bytes may make views of them.
    return typeof found === "string" ? new TextEncoder().encode(found) : found.slice();
  };
  return {
    name: "launchpad-embedded",
    hasItem: (key) => Object.hasOwn(files, key),
    getItem(key) {
      const bytes = bytesOf(key);
      return bytes && new TextDecoder().decode(bytes);
    },
    getItemRaw: bytesOf,
    getKeys: () => Object.keys(files),
  };
}
