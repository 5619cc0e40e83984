import { fileURLToPath } from "node:url";
import {
  type Config,
  concatFrames,
  defineSink,
  defineSource,
  type Frame,
  type FrameHeader,
  type Host,
  LaunchpadError,
  type Plugin,
  packFrame,
  type SinkDriver,
  type SourceDriver,
  unpackFrame,
} from "../../src/internal.ts";
import { openDataHost } from "./data-host.ts";
import { servedBy } from "./python-plugin-file.ts";

/** A module in Python whose classes serve types of data. */
interface PythonPlugin {
  readonly config: Config;
  readonly host: Host;
  /** The configuration file in which it is named. */
  readonly base: URL;
  readonly module: URL;
}

/**
 * Reads what types the classes of a plugin serve, without running it.
 *
 * @param plugin The plugin.
 *
 * @returns Types whose sources and sinks a process of Python opens.
 *
 * @throws MODULE_INVALID when there is none, or one that does not say which types it serves.
 */
export async function readPythonPlugin(plugin: PythonPlugin): Promise<Plugin[]> {
  const where = fileURLToPath(plugin.module);
  const found: Plugin[] = [];
  for (const { kind, serves } of servedBy(plugin.module)) {
    if (kind === "source") found.push(defineSource({ serves, open: ({ name }) => openSource(plugin, name) }));
    else found.push(defineSink({ serves, open: ({ name }) => openSink(plugin, name) }));
  }
  if (found.length > 0) return found;
  throw new LaunchpadError(
    "MODULE_INVALID",
    `${where}: expected a class that inherits DataSource or DataSink of mllaunchpad.resource and says which types it serves, as in ` +
      'serves = ["bogus"], found none',
  );
}

function openSource({ config, host, base }: PythonPlugin, name: string): SourceDriver {
  const { ask, close } = openDataHost(config, host, base);
  return {
    async frame({ params }) {
      const { header, buffers } = await ask({ type: "read", name, params });
      return unpackFrame(header.frame as FrameHeader, buffers);
    },
    close,
  };
}

function openSink({ config, host, base }: PythonPlugin, name: string): SinkDriver {
  const { ask, close } = openDataHost(config, host, base);
  return {
    async write(frames) {
      // A class may replace at each call what the call before wrote, so it gets everything at once: no rows are an empty frame.
      const all: Frame[] = [];
      for await (const frame of frames) all.push(frame);
      const buffers: Uint8Array[] = [];
      const header = packFrame(concatFrames(all), buffers);
      await ask({ type: "write", name, frame: header }, buffers);
    },
    async writeRaw(data) {
      await ask({ type: "write", name }, [new Uint8Array(await new Response(data as BodyInit).arrayBuffer())]);
    },
    close,
  };
}
