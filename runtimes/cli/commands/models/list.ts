import type { Json, Meta, VersionOverview } from "../../../../src/index.ts";
import type { CliCommand } from "../../command-line.ts";
import { print } from "../../streams.ts";
import { table } from "../../table.ts";

/** `launchpad models`: what serves. */
export const list: CliCommand = {
  name: "list",
  configure: (command) =>
    command
      .description("print what is in the model store: a table on a terminal, JSON when piped")
      .option("--json", "print JSON on a terminal, too"),
  async run(session, _, options) {
    const versions = await (await session.store()).overview();
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
  const models = Object.create(null) as Record<string, Record<string, unknown> & { backups: object[] }>;
  // In the order of versions: the last one that serves is the latest.
  for (const { name, version, current, aliases, others } of versions) {
    const model = models[name] ?? { latest: null, backups: [] };
    models[name] = model;
    model.backups.push(...others.map((run) => ({ version, run })));
    if (current === null) continue;
    model[version] = { name, version, ...current, aliases };
    model.latest = model[version];
  }
  return models;
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
    const entries = await (await session.store()).runs(name || undefined, version);
    print(entries, options.json === true, () =>
      table(
        ["model", "version", "run", "serves", "aliases", "created", "metrics"],
        entries.map(({ meta, current, aliases }) => [
          meta.name,
          meta.version,
          meta.run,
          current ? "yes" : "",
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
