import { LaunchpadError } from "../../errors.ts";
import { decodeMessage } from "./message.ts";

/** Contents of a model in another language: bytes that only it can read. */
export interface HostContents {
  /** One message of the protocol: its header says how the rest is to be read. */
  readonly bytes: Uint8Array;
  /** `pickle` or `rds`, which the language reads by itself; `module`, whose `load` the module has. */
  readonly kind: string;
  readonly language: string;
  /** Version of the language that wrote them. */
  readonly version: string;
}

/** What may be read. */
export type PicklePolicy = "warn" | "allow" | "refuse";

/**
 * Reads what contents are, and leaves the rest to their language.
 *
 * @param bytes What was stored.
 * @param language The language that is to read them.
 *
 * @returns The contents.
 *
 * @throws CODEC_FAILED for bytes of something else.
 */
export function readContents(bytes: Uint8Array, language: string): HostContents {
  const header = decodeMessage(bytes)?.header;
  if (header?.type !== "contents" || typeof header.language !== "string") {
    throw new LaunchpadError(
      "CODEC_FAILED",
      `contents: expected those of a model in ${language}, found other bytes. They may be from before the model was ` +
        "written in it: train it again, with --fresh.",
    );
  }
  if (header.language !== language) {
    throw new LaunchpadError(
      "CODEC_FAILED",
      `contents: expected those of a model in ${language}, found ${header.language}. Train it again, with --fresh.`,
    );
  }
  return { bytes, kind: String(header.kind), language, version: String(header.version) };
}

/**
 * Checks that contents may be read at all: a pickle runs the code that is in it.
 *
 * @param contents The contents.
 * @param policy What the configuration says.
 * @param warn Called with a warning, where there is one.
 *
 * @throws CODEC_FAILED where the configuration refuses them.
 */
export function checkPickle(contents: HostContents, policy: PicklePolicy, warn: (message: string) => void): void {
  if (contents.kind !== "pickle") return;
  const way = "Give the module save(model) and load(bytes), which say what is kept";
  if (policy === "refuse") {
    throw new LaunchpadError(
      "CODEC_FAILED",
      `contents: expected none that run code when they are read (model.pickle: refuse), found a pickle. ${way}.`,
    );
  }
  if (policy === "warn") {
    warn(
      "the contents of this model are a pickle, which runs code when it is read: whoever can write to the model store can " +
        `run code here. Sign what is stored (model_store.verify_key). ${way}, or write "pickle: allow" below model.`,
    );
  }
}
