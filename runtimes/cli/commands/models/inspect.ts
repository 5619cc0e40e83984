import { type Difference, diffMeta, type Meta, type Store } from "../../../../src/internal.ts";
import type { CliCommand } from "../../command.ts";
import { print, printResult } from "../../streams.ts";
import { sparkline, table } from "../../table.ts";

const reference = "NAME, NAME@VERSION, NAME@ALIAS or NAME@VERSION/RUN";

const metaOf = async (store: Store, text: string): Promise<Meta> =>
  (await store.loadRun(await store.resolve(text))).meta;

/** `launchpad models show` */
export const show: CliCommand = {
  name: "show",
  configure: (command) => command.description("print the metadata of one run").argument("<model>", reference),
  async run(session, [model = ""]) {
    printResult(await metaOf(await session.store(model), model));
  },
};

/** `launchpad models history` */
export const history: CliCommand = {
  name: "history",
  configure: (command) =>
    command
      .description("print metrics over time, of every run of a version and all its retests")
      .argument("<model>", reference)
      .option("--json", "print JSON on a terminal, too"),
  async run(session, [model = ""], options) {
    const store = await session.store(model);
    const { name, version } = await store.resolve(model);
    const measured = (await store.runs(name, version))
      .flatMap(({ meta }) =>
        Object.entries(meta.metrics_history).map(([time, metrics]) => ({ time, run: meta.run, metrics })),
      )
      .sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
    print(measured, options.json === true, () => {
      const names = [...new Set(measured.flatMap(({ metrics }) => Object.keys(metrics)))].filter((metric) =>
        measured.some(({ metrics }) => typeof metrics[metric] === "number"),
      );
      const rows = names.map((metric) => {
        const values = measured.map(({ metrics }) => metrics[metric]);
        const numbers = values.filter((value): value is number => typeof value === "number");
        return [metric, numbers.at(0), numbers.at(-1), Math.min(...numbers), Math.max(...numbers), sparkline(values)];
      });
      return table(["metric", "first", "last", "least", "most", `${measured.length} measurements`], rows);
    });
  },
};

/** `launchpad models diff` */
export const diff: CliCommand = {
  name: "diff",
  configure: (command) =>
    command
      .description("print in what two runs differ: metrics, data, code, configuration, API, system")
      .argument("<a>", reference)
      .argument("<b>", reference)
      .option("--json", "print JSON on a terminal, too"),
  async run(session, [a = "", b = ""], options) {
    const difference = diffMeta(await metaOf(await session.store(a), a), await metaOf(await session.store(b), b));
    print(difference, options.json === true, () => {
      const all = Object.values(difference).flat() as Difference[];
      return all.length === 0
        ? "no difference\n"
        : table(
            ["", a, b],
            all.map((one) => [one.path, textOf(one.a), textOf(one.b)]),
          );
    });
  },
};

function textOf(value: Difference["a"]): string {
  const text = value === undefined ? "(none)" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
