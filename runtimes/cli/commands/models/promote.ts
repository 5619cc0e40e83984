import type { CliCommand } from "../../command.ts";
import { printResult } from "../../streams.ts";

/** `launchpad models promote` */
export const promote: CliCommand = {
  name: "promote",
  configure: (command) =>
    command
      .description("make a run the one that serves its version, after checking that it is whole")
      .argument("<model>", "NAME@VERSION/RUN or NAME@ALIAS"),
  async run(session, [model = ""]) {
    const store = await session.store(model);
    const run = await store.resolve(model);
    await store.promote(run);
    printResult(run);
  },
};

/** `launchpad models rollback` */
export const rollback: CliCommand = {
  name: "rollback",
  configure: (command) =>
    command
      .description("make the run that served before the current one serve again")
      .argument("<model>", "NAME or NAME@VERSION"),
  async run(session, [model = ""]) {
    const store = await session.store(model);
    const { name, version } = await store.resolve(model);
    printResult(await store.rollback(name, version));
  },
};
