import { Command, InvalidArgumentError } from "commander";
import type { Benchmark } from "./benchmark.ts";

/** What the command line says. */
export interface Options {
  /** Names of benchmarks; all, if it is empty. */
  readonly only: readonly string[];
  readonly quick: boolean;
  readonly peers: boolean;
  /** Where results go. */
  readonly out?: string;
}

/**
 * Reads the command line; ends the process after `--help`, and with 1 after a mistake.
 *
 * @param args The arguments.
 * @param benchmarks What there is to choose from.
 */
export function readOptions(args: readonly string[], benchmarks: Readonly<Record<string, Benchmark>>): Options {
  const names = Object.keys(benchmarks);
  const known = (name: string, before: readonly string[]) => {
    if (names.includes(name)) return [...before, name];
    throw new InvalidArgumentError(`Expected one of ${names.join(", ")}.`);
  };
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => `  ${name.padEnd(width)}  ${benchmarks[name]?.what}`);
  const command = new Command("npm run bench --")
    .description(
      "Measures Launchpad beside what else there is, in the same run, and writes results.json and RESULTS.md.",
    )
    .option("--only <name>", "this benchmark, and no other; may be repeated. Other results stay as they are", known, [])
    .option("--quick", "few rounds and small sizes, to see that it works; results go to test/bench/quick", false)
    .option("--peers", "also those that need Python: its packages are installed into test/bench/.venv", false)
    .option("--out <folder>", "where results.json and RESULTS.md go")
    .addHelpText("after", `\nBenchmarks:\n${lines.join("\n")}`)
    .showHelpAfterError("(--help lists the benchmarks)");
  command.parse(args, { from: "user" });
  return command.opts<Options>();
}
