import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Args,
  baseOf,
  type Config,
  checkPickle,
  createCallbacks,
  createMessageReader,
  encodeMessage,
  type Host,
  isLaunchpadError,
  type Launchpad,
  LaunchpadError,
  type Message,
  messageOf,
  readContents,
  type Store,
  toPlain,
} from "../../src/internal.ts";
import type { ProjectData } from "../project/open-data.ts";
import { entriesOf, rootsOf } from "./hello.ts";
import { helloOfPlugins } from "./hello-plugins.ts";
import { findPythonPlugin } from "./python-plugin-file.ts";

/** What a script reaches. */
export interface ScriptHostOptions {
  readonly config: Config;
  readonly host: Host;
  readonly data: ProjectData;
  /** Opens the model store. */
  store(): Promise<Store>;
  /** Opens the model, for what is not done by the script itself. */
  launchpad(): Promise<Launchpad>;
  write(pieces: readonly Uint8Array[]): Promise<void>;
}

/** The side of Launchpad of a script that has attached. */
export interface ScriptHost {
  /** Takes bytes of the script; false when it wants no more. */
  push(bytes: Uint8Array): boolean;
  /** Resolves when everything has been answered. */
  done(): Promise<void>;
}

type Action = "train" | "test" | "predict";
type Reply = { readonly header: object; readonly buffers?: readonly Uint8Array[] };

/**
 * Creates what answers a script: the parts of the host protocol are the other way round.
 *
 * @param options What the script reaches.
 *
 * @returns The host.
 */
export function createScriptHost(options: ScriptHostOptions): ScriptHost {
  const { config, host, data } = options;
  const { name, version, pickle = "warn" } = config.model;
  let access = data.access("predict");
  // One for all calls: what a script reads in batches goes on while it predicts in between.
  const handle = createCallbacks({
    source: (name) => access.source(name),
    sink: (name) => access.sink(name),
    report: () => {},
    log: host.log.child("model"),
  });
  let before: Promise<void> = Promise.resolve();
  let isOpen = true;

  const previousOf = ({ buffers: [bytes] }: Message) =>
    bytes === undefined ? {} : { model: readContents(bytes, "python") };

  /** The one table of what a script may ask. */
  const answers: Readonly<Record<string, (message: Message) => Promise<Reply> | Reply>> = {
    hello: () => ({ header: helloForScript(config, host) }),
    call({ header }) {
      access = data.access(header.action as Action);
      return { header: {} };
    },
    async contents({ header }) {
      const store = await options.store();
      const run = await store.current(name, version);
      if (run === undefined) throw notTrained(config);
      if (run === header.known) return { header: { run } };
      const { contents } = await store.loadRun({ name, version, run });
      checkPickle(readContents(contents, "python"), pickle, (message) => host.log.child("model").warning(message));
      return { header: { run }, buffers: [contents] };
    },
    async train(message) {
      const { metrics } = await (await options.launchpad()).train({
        test: message.header.test === true,
        ...previousOf(message),
      });
      return { header: { value: metrics } };
    },
    async retest(message) {
      return { header: { value: await (await options.launchpad()).retest(previousOf(message)) } };
    },
    async predict({ header }) {
      return { header: { value: toPlain(await (await options.launchpad()).predict(header.args as Args)) } };
    },
    models: async () => ({ header: { value: await (await options.store()).models() } }),
  };

  const answer = async (message: Message) => {
    const type = String(message.header.type);
    try {
      const own = Object.hasOwn(answers, type) ? answers[type] : undefined;
      const reply = own ? await own(message) : await handle(message);
      if (reply) await options.write(encodeMessage({ type: "reply", ...reply.header }, reply.buffers));
    } catch (error) {
      const code = isLaunchpadError(error) ? error.code : "INTERNAL";
      await options.write(encodeMessage({ type: "failure", failure: 0, code, message: messageOf(error) }));
    }
  };
  const reader = createMessageReader((message) => {
    if (message.header.type === "close") isOpen = false;
    else before = before.then(() => answer(message));
  });
  return {
    push(bytes) {
      reader.push(bytes);
      return isOpen;
    },
    done: () => before,
  };
}

function notTrained({ model: { name, version } }: Config): LaunchpadError {
  return new LaunchpadError(
    "MODEL_NOT_TRAINED",
    `[store] no trained model ${name} ${version}. Train it first: train_model(conf)`,
  );
}

/** What a script is told: as a process of a model is, but for its module, which may be in another language. */
function helloForScript(config: Config, host: Host): object {
  const cwd = host.files?.cwd;
  const base = baseOf(config, ["model", "module"]) ?? cwd;
  const isPython = config.model.export === undefined && base?.protocol === "file:";
  const module = isPython ? findPythonPlugin(config.model.module, base, cwd) : undefined;
  return {
    module: module ? fileURLToPath(module) : null,
    roots: module && base ? rootsOf(config, module, base, host) : base ? [dirname(fileURLToPath(base))] : [],
    config: toPlain(config.model),
    sources: entriesOf(config.datasources),
    sinks: entriesOf(config.datasinks),
    frames: config.model.frames,
    ...helloOfPlugins(config, host),
  };
}
