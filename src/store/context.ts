import type { Logger } from "../log.ts";
import type { Json } from "../util/json.ts";
import type { JsonObject } from "./signing/checksum.ts";
import type { Storage } from "./storage.ts";

/** What a message says of something that is not signed as it must be. */
export interface About {
  readonly what: string;
  readonly remedy: string;
}

/** Refuses, by throwing, a document that is not signed as it must be; without more, it is the metadata of a run. */
export type Verify = (document: JsonObject, about?: About) => Promise<void>;

/** Signs a document: the result is stored in it as `signature`. */
export type Sign = (document: JsonObject) => Promise<Json>;

/** What the operations of a store work with. */
export interface StoreContext {
  readonly storage: Storage;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Logger;
  /** Undefined where nothing is signed. */
  readonly sign?: Sign | undefined;
  /** Undefined where no signature is asked for. */
  readonly verify?: Verify | undefined;
  /** When the newest document of each key was signed that has been read. */
  readonly newest: Map<string, string>;
}
