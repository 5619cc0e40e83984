import { createApiKey, LaunchpadError } from "../../../src/internal.ts";
import type { CliCommand } from "../command.ts";
import { printResult } from "../streams.ts";

const create: CliCommand = {
  name: "create",
  configure: (command) =>
    command
      .argument("<name>", "the caller, as logs and limits call them")
      .description("print a new key for a caller, and its digest")
      .addHelpText(
        "after",
        "\nGive the key to the caller: it is shown once, and stored nowhere. Put the digest below auth.api_keys, under the caller's name.",
      ),
  async run(_, [name = ""]) {
    if (!/^[\w.@-]{1,64}$/.test(name)) {
      throw new LaunchpadError(
        "USAGE",
        `keys create: found ${JSON.stringify(name.slice(0, 80))}, expected a name of 1 to 64 letters, digits and . _ @ -`,
      );
    }
    printResult({ name, ...(await createApiKey()) });
  },
};

/** `launchpad keys` */
export const keys: CliCommand = {
  name: "keys",
  configure: (command) => command.description("keys of callers"),
  run() {
    throw new LaunchpadError("USAGE", "keys: found no command. Expected launchpad keys create NAME.");
  },
  commands: [create],
};
