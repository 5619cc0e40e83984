import type { Driver } from "unstorage";
import { type Config, type Host, LaunchpadError, openStore, servingMeta } from "../../src/internal.ts";

/** The part of a model store that serves. */
export interface EmbeddedModel {
  /** The bytes by key. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** How many bytes the contents of the model have. */
  readonly size: number;
}

/**
 * Reads the model that serves, as whoever serves it will: digest and signatures are checked, and what was read for that is
 * what goes into the package. Where no signature is asked for, its metadata are cut to what serving needs: a package may be
 * published, and who trained a model on what is not.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 *
 * @returns The files of the model store.
 *
 * @throws MODEL_NOT_TRAINED, STORE_UNAVAILABLE, STORE_CORRUPT, STORE_UNTRUSTED.
 */
export async function readModel(config: Config, host: Host): Promise<EmbeddedModel> {
  const files = new Map<string, Uint8Array>();
  const recording: Host = {
    ...host,
    openStorage: async (location, options) => recorded(await host.openStorage(location, options), files),
  };
  const store = await openStore(config, recording);
  const { name, version, serve } = config.model;
  const { verify_key, verify_key_var } = config.model_store;
  try {
    const stored = serve
      ? await store.loadRun(await store.resolve(`${name}@${serve}`))
      : await store.load(name, version);
    if (stored) {
      const { contents, meta } = stored;
      const isSigned = verify_key !== undefined || verify_key_var !== undefined;
      return { files: isSigned ? files : withoutTraining(files, await servingMeta(meta)), size: contents.length };
    }
    throw new LaunchpadError(
      "MODEL_NOT_TRAINED",
      `[store] no trained model ${name} ${version} in ${store.location}, expected one to put into the package. ` +
        "Train it first: launchpad train. Or build a package that reads the model store: --model store",
    );
  } finally {
    await store.close();
  }
}

/** The files with these metadata, and without the metrics of retests. */
function withoutTraining(files: ReadonlyMap<string, Uint8Array>, meta: string): Map<string, Uint8Array> {
  const needed = [...files].filter(([key]) => !key.includes(":metrics:"));
  return new Map(needed.map(([key, bytes]) => [key, key.endsWith(":meta.json") ? Buffer.from(meta) : bytes]));
}

/** A driver that keeps what is read from another. */
function recorded(driver: Driver, files: Map<string, Uint8Array>): Driver {
  const keep = (key: string, value: unknown) => {
    if (typeof value === "string") {
      files.set(key, value.startsWith("base64:") ? Buffer.from(value.slice(7), "base64") : Buffer.from(value));
    } else if (ArrayBuffer.isView(value)) {
      files.set(key, new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice());
    } else if (value instanceof ArrayBuffer) {
      files.set(key, new Uint8Array(value.slice()));
    }
  };
  const { getItemRaw } = driver;
  return {
    ...driver,
    async getItem(key, options) {
      const value = await driver.getItem(key, options);
      keep(key, value);
      return value;
    },
    ...(getItemRaw && {
      async getItemRaw(key, options) {
        const value = await getItemRaw.call(driver, key, options);
        keep(key, value);
        return value;
      },
    }),
  };
}
