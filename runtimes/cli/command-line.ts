import { CommanderError } from "commander";
import { isLaunchpadError, LaunchpadError } from "../../src/internal.ts";
import { expandCommand } from "./expand-command.ts";
import { withOldModels } from "./old-models.ts";
import { commands, createProgram } from "./program.ts";
import { reportError } from "./report-error.ts";
import { createSession, type Session } from "./session.ts";
import { flush } from "./streams.ts";

/**
 * Runs one command line.
 *
 * @param args What follows the name of the program.
 *
 * @returns The exit code: 0, 1 for a failure, 2 for wrong usage or configuration.
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const state: { session: Session | undefined } = { session: undefined };
  const verbose = args.some((arg) => /^(-v+[cl]?|--verbose)$/.test(arg));
  try {
    const program = createProgram(async (command, operands, options, globals) => {
      state.session = await createSession(globals);
      await command.run(state.session, operands, options);
    });
    await program.parseAsync(expandCommand(args, commands), { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const { session } = state;
    return reportError(
      session ? await withOldModels(asUsageError(error), () => session.store()) : asUsageError(error),
      verbose,
    );
  } finally {
    await state.session?.close();
    await flush();
  }
}

/** Commander's own messages say what is wrong; they get a code, and the next step. */
function asUsageError(error: unknown): unknown {
  if (isLaunchpadError(error) || !(error instanceof CommanderError)) return error;
  const message = error.message.replace(/^error: /, "").trim();
  return new LaunchpadError("USAGE", `${message}${message.endsWith(".") ? "" : "."} See launchpad --help`);
}
