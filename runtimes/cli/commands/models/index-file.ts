import type { CliCommand } from "../../command.ts";
import { printResult } from "../../streams.ts";

/** `launchpad models index` */
export const writeIndex: CliCommand = {
  name: "index",
  configure: (command) =>
    command.description("write index.json, the list of all files, for those who read the store behind a web server"),
  async run(session) {
    const files = await (await session.store()).index();
    printResult({ files: files.length });
  },
};
