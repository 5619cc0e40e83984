import process from "node:process";
import { LaunchpadError } from "../../../src/internal.ts";
import { showBytes } from "../../build/sizes.ts";
import { type ModelOption, targetNames } from "../../build/targets.ts";
import type { CliCommand } from "../command.ts";
import { printResult } from "../streams.ts";

const places = ["embed", "store"] as const satisfies readonly ModelOption[];

/** How many parts of a package are shown. */
const shownParts = 5;

/** `launchpad build` */
export const build: CliCommand = {
  name: "build",
  configure: (command) =>
    command
      .description("make one file of the model, its configuration and its API, which serves them elsewhere")
      .option("--target <name>", `${targetNames.join(", ")} (default: the runtime that runs this command)`)
      .option(
        "--model <place>",
        "embed: the trained model is in the file; store: it is read from the model store",
        "embed",
      )
      .option("--out <folder>", "where to write it (default: build/TARGET)")
      .option(
        "--external <package>",
        "a package that is installed where the file runs; may be given several times",
        (name: string, names: readonly string[]) => [...names, name],
        [] as readonly string[],
      )
      .option(
        "--samples <count>",
        "rows of test data that the file must predict as the model does here, before it serves",
      )
      .option("--no-check", "do not start the file once, where it runs here")
      .addHelpText("after", "\nExample: launchpad build --target cloudflare"),
  async run(session, _, options) {
    const target = choice("target", options.target ?? session.host.runtime.name, targetNames);
    const model = choice("model", options.model, places);
    const samples = options.samples === undefined ? undefined : countOf(String(options.samples), model);
    const several = await session.projects();
    if (several !== undefined && samples !== undefined) {
      throw new LaunchpadError("USAGE", "--samples takes the data of one project, found several. Name it: -c FILE");
    }
    const all = several ? await session.openEach() : [await session.openWithModules()];
    const projects = all.map(({ model: opened, ...project }) => {
      const refusal = opened?.refusePackage?.(target);
      if (refusal !== undefined) throw new LaunchpadError("CONFIG_INVALID", refusal);
      return { ...project, host: session.host, packageSource: opened?.packageSource };
    });
    // Other commands need none of it, and Deno none of its permissions.
    const { buildPackage, buildProjects } = await import("../../build/build-package.ts");
    session.progress.start(`building for ${target}`);
    const settings = {
      target,
      model,
      out: options.out === undefined ? undefined : String(options.out),
      external: options.external as readonly string[],
      samples: samples === undefined ? undefined : { count: samples, data: () => session.data() },
    };
    const [first] = projects;
    if (first === undefined) throw new LaunchpadError("CONFIG_INVALID", "found no project, expected at least one");
    const { file, sizes, notes, variables } = several
      ? await buildProjects(projects, several.config, settings)
      : await buildPackage(first, settings);
    const missing = variables.filter((name) => session.host.env(name) === undefined);
    const runsHere = options.check === true && target === session.host.runtime.name;
    const checked = !runsHere
      ? []
      : missing.length > 0
        ? [`It was not started, because ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} not set.`]
        : await tryStart(file, target, model === "embed" && settings.external.length === 0);
    session.progress.stop();
    const { raw, gzip, parts } = sizes;
    const lines = [
      `Wrote ${file}: ${showBytes(raw)}, ${showBytes(gzip)} compressed.`,
      ...parts.slice(0, shownParts).map(({ name, bytes }) => `  ${showBytes(bytes).padStart(9)}  ${name}`),
      ...(variables.length > 0 ? [`It reads the variables ${variables.join(", ")}.`] : []),
      ...notes,
      ...checked,
    ];
    process.stderr.write(`${lines.join("\n")}\n`);
    if (!process.stdout.isTTY) printResult({ file, bytes: raw, gzip_bytes: gzip, parts, variables });
  },
};

/** Starts what was built, before anybody else does. What it needs may only be where it will run: then it is no error. */
async function tryStart(file: string, runtime: string, isWhole: boolean): Promise<string[]> {
  const { startOnce } = await import("../../build/start-once.ts");
  const start = await startOnce(file, runtime);
  if (start.how === "served") return ["It was started once, and serves."];
  if (start.how === "untried") return [`It was not started: ${start.reason}.`];
  if (!isWhole) return [`It does not start here, which may be otherwise where it runs:\n${start.text}`];
  throw new LaunchpadError(
    "MODULE_INVALID",
    `${file} was written, and does not start:\n${start.text}\nMend what it says, or build with --no-check`,
  );
}

function countOf(text: string, model: ModelOption): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    throw new LaunchpadError(
      "USAGE",
      `--samples: found ${JSON.stringify(text)}, expected a whole number from 1 to 9999`,
    );
  }
  if (model === "embed") return Number(text);
  throw new LaunchpadError(
    "USAGE",
    "--samples: found --model store, where another model may serve one day, which predicts otherwise. Expected --model embed; " +
      "or write samples that hold for every training into the model: defineModel({ ..., samples: [{ args, prediction }] })",
  );
}

function choice<T extends string>(name: string, given: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === given);
  if (found !== undefined) return found;
  throw new LaunchpadError("USAGE", `--${name}: found ${JSON.stringify(given)}, expected one of ${known.join(", ")}`);
}
