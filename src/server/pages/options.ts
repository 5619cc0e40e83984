import type { CardConfig } from "../../config/card.ts";
import type { Meta } from "../../store/types.ts";
import type { RequestContext } from "../request-context.ts";
import type { HistoryReader } from "./history.ts";

/** What the pages of a model are made of. */
export interface PagesOptions {
  readonly version: string;
  /** What people say of the model now. */
  readonly about: CardConfig | undefined;
  /** Reads a file of the pages, `index.html`. */
  file(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Metadata of the model that serves; undefined for one that was never stored. */
  meta(context: RequestContext): Promise<Meta | undefined>;
  /** Reads what is in the model store; undefined where it only serves. */
  history(): Promise<HistoryReader | undefined>;
}
