import type { CliCommand } from "../command-line.ts";
import { printResult } from "../streams.ts";

/** `launchpad models` */
export const models: CliCommand = {
  name: "models",
  configure: (command) => command.description("print the metadata of every model in the model store"),
  async run(session) {
    printResult(await (await session.open()).models());
  },
};
