import type { Command } from "commander";
import { type ApiFileOptions, generateApiFile } from "../../src/internal.ts";
import type { Session } from "./session.ts";
import { writeStandardOutput } from "./streams.ts";

/**
 * Adds what both generators of API files take.
 *
 * @param command The command.
 * @param file What the file may be called, for the example.
 *
 * @returns The command.
 */
export function configureGenerator(command: Command, file: string): Command {
  return command
    .argument("<source>", "the data source whose columns become parameters")
    .option("--target <column>", "the column that is predicted: the result, and no parameter")
    .option("--resource <name>", "the last part of the path", "predictions")
    .addHelpText("after", `\nExample: launchpad ${command.name()} petals --target variety > ${file}`);
}

/**
 * Prints an API file made from a data source of the configuration. The model need not be there yet.
 *
 * @param language The language of the file.
 * @param session The run of the command line.
 * @param operands The name of the data source.
 * @param options `target` and `resource`.
 */
export async function printApiFile(
  language: ApiFileOptions["language"],
  session: Session,
  [name = ""]: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { config, source: open } = await session.data();
  const source = open(name);
  // What a source keeps for others it reads as a whole.
  const isKept = (config.datasources[name]?.expires ?? 0) !== 0;
  session.progress.start(`reading ${name}`);
  const text = await generateApiFile({
    language,
    source: name,
    batches: isKept ? [await source.frame()] : source.batches(),
    name: config.api?.name ?? config.model.name,
    version: config.model.version,
    target: options.target === undefined ? undefined : String(options.target),
    resource: String(options.resource),
  });
  session.progress.stop();
  await writeStandardOutput(new TextEncoder().encode(text));
}
