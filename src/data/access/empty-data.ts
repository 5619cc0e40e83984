import { whereIs } from "../../config/source-map.ts";
import type { Config } from "../../config/types.ts";
import { LaunchpadError } from "../../errors.ts";
import type { Access, Data } from "./create-data.ts";
import { quote } from "./messages.ts";

/**
 * Creates the data of a configuration that has neither sources nor sinks, which needs none of the code that opens them.
 *
 * @param config The configuration, for messages.
 *
 * @returns Data without anything in it.
 */
export function emptyData(config: Config): Data {
  const unknown = (kind: string, section: string) => (name: string) => {
    const message = `${whereIs(config, [section])}: no data ${kind} ${quote(name)}; there are no ${section}`;
    throw new LaunchpadError("DATA_UNKNOWN", message);
  };
  const access: Access = {
    source: unknown("source", "datasources"),
    sink: unknown("sink", "datasinks"),
    sources: [],
    sinks: [],
  };
  const types = { sources: new Map(), sinks: new Map(), keysOf: () => undefined };
  return { types, check() {}, access: () => access, async prepare() {}, async close() {} };
}
