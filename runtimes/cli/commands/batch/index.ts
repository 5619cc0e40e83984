import { LaunchpadError } from "../../../../src/internal.ts";
import type { CliCommand } from "../../command.ts";
import { finish, status } from "./finish.ts";
import { plan } from "./plan.ts";
import { run } from "./run.ts";
import { submit } from "./submit.ts";

/** `launchpad batch` */
export const batch: CliCommand = {
  name: "batch",
  configure: (command) => command.description("predict a table in parts, by tasks of Slurm, Kubernetes or AWS Batch"),
  async run() {
    throw new LaunchpadError(
      "USAGE",
      "batch: expected plan, submit, run, finish or status, found none. See launchpad batch --help",
    );
  },
  commands: [plan, submit, run, finish, status],
};
