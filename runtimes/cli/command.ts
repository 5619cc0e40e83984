import type { Command } from "commander";
import type { Session } from "./session.ts";

/** A command: what it is called, and what it does. */
export interface CliCommand {
  readonly name: string;
  /** Another name, which may be shortened as well and goes before the names of others. */
  readonly alias?: string;
  /** Whether a beginning that other commands share is theirs: of a command that is needed once. */
  readonly givesWay?: boolean;
  /** Adds description, arguments and options. */
  configure(command: Command): Command;
  /** Does the work. `operands` are the arguments without options. */
  run(session: Session, operands: readonly string[], options: Readonly<Record<string, unknown>>): Promise<void>;
  /** Commands below it. */
  readonly commands?: readonly CliCommand[];
}

/** What the argument of a command says that is about one model. */
export const modelArgument = "the name of the model, where the configuration has several projects";
