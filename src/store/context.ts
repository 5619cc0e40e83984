import type { Logger } from "../log.ts";
import type { Storage } from "./storage.ts";
import type { Meta } from "./types.ts";

/** What the operations of a store work with. */
export interface StoreContext {
  readonly storage: Storage;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Logger;
  /** Refuses a run that is whole and still must not be used, by its metadata as they were stored. */
  readonly verify?: ((meta: Meta) => Promise<void>) | undefined;
}
