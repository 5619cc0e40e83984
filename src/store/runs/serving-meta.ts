import { addChecksum } from "../signing/checksum.ts";
import type { Meta } from "../types.ts";

/**
 * Creates metadata for whoever only serves a run: what loading needs, without who trained it, where and on what. They no
 * longer are what was signed.
 *
 * @param meta The metadata of the run.
 *
 * @returns The text of a `meta.json`, sealed.
 */
export async function servingMeta(meta: Meta): Promise<string> {
  const { name, version, run, created, have_columns_been_ordered, ordered_columns, contents } = meta;
  const nothing = {
    created_by: null,
    system: {},
    train_report: {},
    metrics: {},
    metrics_history: {},
    config_snapshot: {},
  };
  const columns = { have_columns_been_ordered, ...(ordered_columns && { ordered_columns }) };
  const { text } = await addChecksum({ name, version, run, created, ...nothing, ...columns, contents });
  return JSON.stringify(JSON.parse(text));
}
