import { type Config, LaunchpadError, messageOf, type RunName, type Store } from "../../../src/internal.ts";
import type { CliCommand } from "../command.ts";
import type { Session } from "../session.ts";
import { printResult } from "../streams.ts";

/** What a rollout is about. */
interface Tried {
  readonly config: Config;
  readonly store: Store;
  readonly name: string;
  readonly version: string;
  readonly alias: string;
  /** The run that is tried, if one is. */
  readonly canary: RunName | undefined;
  /** The run that serves. */
  readonly current: string | undefined;
}

async function open(session: Session): Promise<Tried> {
  const { config } = await session.data();
  const { name, version, serve, rollout } = config.model;
  if (rollout?.canary === undefined) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      'there is no canary to roll out: expected model.rollout, such as "rollout: { canary: { percent: 10 } }"',
    );
  }
  const store = await session.store();
  const { alias } = rollout.canary;
  const current =
    serve === undefined ? await store.current(name, version) : (await store.resolve(`${name}@${serve}`)).run;
  return { config, store, name, version, alias, canary: (await store.aliases(name))[alias], current };
}

/** The run that is tried; an error where none is. */
function triedOf({ canary, name, alias, current }: Tried): RunName {
  if (canary !== undefined && canary.run !== current) return canary;
  throw new LaunchpadError(
    "MODEL_NOT_TRAINED",
    `no run of ${name} is tried: the alias ${alias} points to none but the one that serves. Begin with launchpad rollout start`,
  );
}

const start: CliCommand = {
  name: "start",
  configure: (command) =>
    command
      .description("have a run answer some of the requests (model.rollout.canary)")
      .argument("[model]", "NAME@VERSION/RUN or NAME@ALIAS; the newest run unless told"),
  async run(session, [model]) {
    const { store, name, version, alias, current } = await open(session);
    const [newest] = model === undefined ? await store.runs(name, version) : [];
    const of = model === undefined ? newest && { name, version, run: newest.meta.run } : await store.resolve(model);
    if (of === undefined) {
      throw new LaunchpadError(
        "MODEL_NOT_TRAINED",
        `there is no run of ${name} ${version}. Train one: launchpad train`,
      );
    }
    if (of.run === current) {
      throw new LaunchpadError(
        "USAGE",
        `run ${of.run} serves already: expected another one. Train one: launchpad train`,
      );
    }
    if (of.version !== version) {
      throw new LaunchpadError(
        "USAGE",
        `${of.name}@${of.version}/${of.run}: expected a run of version ${version}, which serves`,
      );
    }
    await store.alias(name, alias, of);
    printResult({ ...of, alias });
  },
};

const status: CliCommand = {
  name: "status",
  configure: (command) =>
    command
      .description("print which run serves and which one is tried, and what a server has counted")
      .option("--url <url>", "the server to ask", "http://127.0.0.1:5000"),
  async run(session, _, options) {
    const { name, version, alias, canary, current } = await open(session);
    const store = {
      name,
      version,
      alias,
      current: current ?? null,
      canary: canary?.run === current ? null : (canary?.run ?? null),
    };
    printResult({ ...store, server: await askServer(String(options.url)) });
  },
};

async function askServer(url: string): Promise<unknown> {
  try {
    const response = await fetch(new URL("/rollout", url));
    return response.ok ? await response.json() : `${url} answered ${response.status}`;
  } catch (error) {
    return `${url} cannot be reached: ${messageOf(error)}`;
  }
}

const abort: CliCommand = {
  name: "abort",
  configure: (command) => command.description("take the run back that is tried: nobody asks it any more"),
  async run(session) {
    const tried = await open(session);
    const of = triedOf(tried);
    await tried.store.abort(of, tried.alias);
    printResult({ ...of, serves: tried.current ?? null });
  },
};

const finish: CliCommand = {
  name: "finish",
  configure: (command) => command.description("make the run that is tried the one that serves"),
  async run(session) {
    const tried = await open(session);
    const of = triedOf(tried);
    const { store, name, alias, config } = tried;
    await store.promote(of, "rollout");
    if (config.model.serve !== undefined) await store.alias(name, config.model.serve, of);
    await store.alias(name, alias, undefined);
    printResult({ ...of, serves: of.run });
  },
};

/** `launchpad rollout` */
export const rollout: CliCommand = {
  name: "rollout",
  configure: (command) => command.description("try a run on some of the requests before it serves all"),
  async run() {
    throw new LaunchpadError("USAGE", "rollout: expected start, status, abort or finish. See launchpad rollout --help");
  },
  commands: [start, status, abort, finish],
};
