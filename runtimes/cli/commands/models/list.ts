import type { Json, Meta } from "../../../../src/index.ts";
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
    const models = await (await session.store()).models();
    print(models, options.json === true, () => {
      const rows = Object.values(models).flatMap(({ latest, backups, ...versions }) =>
        Object.values<Meta>(versions).map((meta) => [
          meta.name,
          meta.version,
          meta.run,
          meta.created,
          numbersOf(meta.metrics),
        ]),
      );
      return rows.length === 0
        ? "no models: train one with launchpad train\n"
        : table(["model", "version", "current run", "created", "metrics"], rows);
    });
  },
};

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
