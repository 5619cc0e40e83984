import { contradictionsIn } from "../../../schema/compat/contradictions.ts";
import type { Keywords } from "../../../schema/schema-error.ts";
import type { Problems } from "./problems.ts";
import { entryOf, type Value } from "./value.ts";

/**
 * Tells what a schema says that no request can keep.
 *
 * @param schema The schema.
 * @param written The schema as it is written.
 * @param where What it describes, for messages.
 * @param problems Gets a problem where no value fits, a warning where only a choice is in vain.
 */
export function checkContradictions(schema: Keywords, written: Value, where: string, problems: Problems): void {
  for (const { keyword, message, fatal } of contradictionsIn(schema)) {
    const at = entryOf(written, keyword)?.at ?? written.at;
    const text = `${where}: ${keyword}: ${message}`;
    if (fatal) problems.add(at, text);
    else problems.warn(at, `${where} ${keyword}`, text);
  }
}
