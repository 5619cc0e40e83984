import { type Config, createHostModel, type Host, type HostModel } from "../../src/internal.ts";
import { hostFile } from "./files.ts";
import { helloOfPlugins } from "./hello-plugins.ts";
import { findPython } from "./interpreter.ts";
import { noPython } from "./no-python.ts";
import { hostOptions } from "./options.ts";
import { startProgram } from "./process.ts";

/** Processes of Python by configuration, and how many sources and sinks use each. */
const open = new WeakMap<Config, { readonly host: HostModel; users: number }>();

/**
 * Opens the process of Python in which sources and sinks of plugins are, for whoever is not code of a model in Python. It is started when
 * it is first asked, and all sources and sinks of a configuration share it.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 * @param base The configuration file.
 *
 * @returns What asks it, and what ends it when nobody else uses it.
 */
export function openDataHost(config: Config, host: Host, base: URL): Pick<HostModel, "ask" | "close"> {
  let shared = open.get(config);
  if (shared === undefined) {
    const { command = "", tried } = findPython({ config, host, base });
    const hosted = createHostModel({
      ...hostOptions({ config, host }, "python", "Python"),
      start: startProgram({ command, arguments: [hostFile("python/host.py")] }),
      hello: { module: null, roots: [], config: {}, sources: {}, sinks: {}, ...helloOfPlugins(config, host) },
      lazily: true,
      explain: (how, output) => noPython(command, tried, how, output),
    });
    shared = { host: hosted, users: 0 };
    open.set(config, shared);
  }
  const mine = shared;
  mine.users += 1;
  return {
    ask: mine.host.ask,
    async close() {
      mine.users -= 1;
      if (mine.users > 0) return;
      if (open.get(config) === mine) open.delete(config);
      await mine.host.close();
    },
  };
}
