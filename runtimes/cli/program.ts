import { Command } from "commander";
import { LaunchpadError, version } from "../../src/internal.ts";
import type { CliCommand } from "./command.ts";
import { api, serveCommand } from "./commands/api.ts";
import { batch } from "./commands/batch/index.ts";
import { build } from "./commands/build.ts";
import { check } from "./commands/check.ts";
import { config } from "./commands/config.ts";
import { drift } from "./commands/drift.ts";
import { generateOpenApi } from "./commands/generate-openapi.ts";
import { generateRaml } from "./commands/generate-raml.ts";
import { init } from "./commands/init.ts";
import { keys } from "./commands/keys.ts";
import { log } from "./commands/log/index.ts";
import { migrate } from "./commands/migrate.ts";
import { models } from "./commands/models/index.ts";
import { predict } from "./commands/predict.ts";
import { report } from "./commands/report.ts";
import { retest } from "./commands/retest.ts";
import { rollout } from "./commands/rollout.ts";
import { script } from "./commands/script.ts";
import { train } from "./commands/train.ts";
import type { GlobalOptions } from "./session.ts";

/** Commands, in the order in which help lists them. */
export const commands: readonly CliCommand[] = [
  init,
  train,
  retest,
  predict,
  api,
  serveCommand,
  batch,
  build,
  check,
  models,
  keys,
  report,
  drift,
  log,
  rollout,
  generateRaml,
  generateOpenApi,
  config,
  migrate,
  script,
];

/** What people do first, in the order in which they do it. */
const firstSteps = `
First steps:
  launchpad init prices --data houses.csv --target price   a project from data
  launchpad train                                          train, test and store the model
  launchpad predict args.json                              one prediction
  launchpad api --watch                                    serve it while you work on it
  launchpad models                                         what is in the model store
  launchpad generate-raml houses > api.raml                describe the API
  launchpad build --target cloudflare                      one file that serves elsewhere

A command may be shortened to any beginning that no other has: launchpad t`;

/**
 * Creates the command line: global options and all commands.
 *
 * @param run Does the work of a command.
 *
 * @returns The program; it throws CommanderError where it would end the process.
 */
export function createProgram(
  run: (
    command: CliCommand,
    operands: readonly string[],
    options: Readonly<Record<string, unknown>>,
    globals: GlobalOptions,
  ) => Promise<void>,
): Command {
  const program = new Command("launchpad")
    .description("Publish a machine-learning model: train it, test it, serve it as a web API.")
    .option(
      "-c, --config <file>",
      "configuration; given several times they are merged, the last wins (default: LAUNCHPAD_CFG, else ./LAUNCHPAD_CFG.yml, else ./launchpad.yml)",
      (file: string, files: readonly string[]) => [...files, file],
      [] as readonly string[],
    )
    .option("-l, --log-config <file>", "configuration of the log (default: LAUNCHPAD_LOG, else ./LAUNCHPAD_LOG.yml)")
    .option("-v, --verbose", "debug messages, and stack traces of errors")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .usage("[options] <command>")
    .addHelpText("after", firstSteps);
  program.exitOverride().configureOutput({ writeErr() {} });

  const add = (parent: Command, command: CliCommand) => {
    const added = command
      .configure(parent.command(command.name))
      .exitOverride()
      .configureOutput({ writeErr() {} })
      .helpCommand(false)
      .allowExcessArguments(false)
      .action(async (...all: unknown[]) => {
        const self = all.at(-1) as Command;
        await run(command, self.args, self.opts(), program.opts<GlobalOptions>());
      });
    for (const below of command.commands ?? []) add(added, below);
  };
  for (const command of commands) add(program, command);
  program.action(() => {
    throw new LaunchpadError("USAGE", `no command. Expected one of ${commands.map(({ name }) => name).join(", ")}.`);
  });
  return program;
}
