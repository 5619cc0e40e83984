import type { Json, Meta, VersionOverview } from "../../../../src/internal.ts";
import type { CliCommand } from "../../command.ts";
import { oldModelsIn } from "../../old-models.ts";
import { print } from "../../streams.ts";
import { table } from "../../table.ts";
import { checkKnown } from "./known-name.ts";

/** `launchpad models`: what serves. */
export const list: CliCommand = {
  name: "list",
  configure: (command) =>
    command
      .description("print what is in the model store: a table on a terminal, JSON when piped")
      .option("--json", "print JSON on a terminal, too"),
  async run(session, _, options) {
    const stores = await session.stores();
    const versions = (await Promise.all(stores.map(({ store, name }) => store.overview(name)))).flat();
    for (const { store } of stores) {
      const found = await oldModelsIn(store);
      if (found !== undefined) session.host.log.child("store").warning(found);
    }
    print(asModels(versions), options.json === true, () => {
      if (versions.length === 0) return "no models: train one with launchpad train\n";
      return table(
        ["model", "version", "current run", "created", "metrics", "aliases", "other runs"],
        versions.map(({ name, version, current, aliases, others }) => [
          name,
          version,
          current?.run ?? "none",
          current?.created,
          current ? numbersOf(current.metrics) : "",
          aliases.map(({ alias }) => alias).join(" "),
          others.length,
        ]),
      );
    });
  },
};

/** As ML Launchpad lists models: by name and version, the latest one, and what could serve instead. */
function asModels(versions: readonly VersionOverview[]): object {
  // No prototype, so that a model can be called `constructor`.
  const models = Object.create(null) as Record<string, object>;
  for (const [name, all] of byName(versions)) {
    const serving = all.flatMap(({ version, current, aliases }) =>
      current ? [{ name, version, ...current, aliases }] : [],
    );
    models[name] = {
      ...Object.fromEntries(serving.map((one) => [one.version, one])),
      // They come in semantic order.
      latest: serving.at(-1) ?? null,
      backups: all.flatMap(({ version, others }) => others.map((run) => ({ version, run }))),
    };
  }
  return models;
}

function byName(versions: readonly VersionOverview[]): Map<string, VersionOverview[]> {
  const names = new Map<string, VersionOverview[]>();
  for (const of of versions) {
    const known = names.get(of.name);
    if (known) known.push(of);
    else names.set(of.name, [of]);
  }
  return names;
}

/** `launchpad models runs`: all there is, also what does not serve. */
export const runs: CliCommand = {
  name: "runs",
  configure: (command) =>
    command
      .description("print all runs, newest first, those that do not serve included")
      .argument("[model]", "NAME or NAME@VERSION; all models if there is none")
      .option("--json", "print JSON on a terminal, too"),
  async run(session, [model], options) {
    const [name, version] = (model ?? "").split("@");
    const stores = await session.stores(name || undefined);
    const entries = (await Promise.all(stores.map((one) => one.store.runs(name || one.name, version)))).flat();
    if (entries.length === 0) for (const { store } of stores) await checkKnown(store, name || undefined);
    print(entries, options.json === true, () =>
      table(
        ["model", "version", "run", "serves", "aliases", "created", "metrics"],
        entries.map(({ meta, current, aliases }) => [
          meta.name,
          meta.version,
          meta.run,
          current ? "yes" : meta.taken_over ? "history" : "",
          aliases.join(" "),
          meta.created,
          numbersOf(meta.metrics),
        ]),
      ),
    );
  },
};

/** Metrics that are numbers, on one line: a confusion matrix has no place in a table. */
function numbersOf(metrics: Meta["metrics"]): string {
  return Object.entries(metrics)
    .filter((entry): entry is [string, Json & number] => typeof entry[1] === "number")
    .map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`)
    .join(", ");
}
