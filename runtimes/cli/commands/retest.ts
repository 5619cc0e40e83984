import { failOnStrayErrors } from "../../process/stray-errors.ts";
import { type CliCommand, modelArgument } from "../command.ts";
import { printMetrics } from "../streams.ts";

/** `launchpad retest` */
export const retest: CliCommand = {
  name: "retest",
  configure: (command) =>
    command
      .description("test the stored model again, add to its metrics, print them")
      .argument("[model]", modelArgument),
  async run(session, [name]) {
    const launchpad = await session.open(name);
    session.progress.start(`testing ${launchpad.config.model.name} ${launchpad.config.model.version}`);
    const metrics = await failOnStrayErrors("test", (signal) => launchpad.retest({ signal }));
    session.progress.stop();
    printMetrics(metrics);
  },
};
