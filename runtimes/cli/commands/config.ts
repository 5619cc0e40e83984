import { redact } from "../../../src/internal.ts";
import type { CliCommand } from "../command.ts";
import { printResult } from "../streams.ts";

/** `launchpad config` */
export const config: CliCommand = {
  name: "config",
  configure: (command) =>
    command.description("check the configuration, print it as it is read: with defaults, without secrets"),
  async run(session) {
    const projects = await session.projects();
    printResult(redact(projects ? projects.config : (await session.data()).config));
  },
};
