import { type Args, LaunchpadError, messageOf, toPlain } from "../../../src/index.ts";
import { pathUrl } from "../../project/find-config.ts";
import { type CliCommand, modelArgument } from "../command.ts";
import type { Session } from "../session.ts";
import { printResult, readStandardInput } from "../streams.ts";

/** `launchpad predict` */
export const predict: CliCommand = {
  name: "predict",
  configure: (command) =>
    command
      .description("predict for the arguments in a JSON file, print the prediction")
      .option("--model <name>", modelArgument)
      .argument("[file]", "a JSON object of arguments; - or nothing for the standard input")
      .addHelpText("after", '\nExample: echo \'{ "x1": 3, "x2": 2 }\' | launchpad predict'),
  async run(session, [file = "-"], options) {
    const launchpad = await session.open(options.model === undefined ? undefined : String(options.model));
    const args = await readArguments(session, file);
    printResult(toPlain(await launchpad.predict(args)));
  },
};

async function readArguments(session: Session, file: string): Promise<Args> {
  const { files } = session.host;
  const where = file === "-" || files === undefined ? "standard input" : file;
  const bytes =
    file === "-" || files === undefined ? await readStandardInput() : await files.read(pathUrl(file, files));
  const expected = 'expected a JSON object of arguments, such as { "x1": 3 }';
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const found = bytes.length === 0 ? "nothing" : messageOf(cause);
    throw new LaunchpadError("ARGUMENTS_INVALID", `${where}: found ${found}, ${expected}.`, { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  const found = Array.isArray(value) ? "an array" : value === null ? "null" : `a ${typeof value}`;
  throw new LaunchpadError("ARGUMENTS_INVALID", `${where}: found ${found}, ${expected}.`);
}
