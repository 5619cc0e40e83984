import { generateSigningKeys } from "../../../../src/internal.ts";
import type { CliCommand } from "../../command.ts";
import { printResult } from "../../streams.ts";

/** `launchpad models keygen` */
export const keygen: CliCommand = {
  name: "keygen",
  configure: (command) =>
    command
      .description("print a new pair of keys: one to sign models with, one to verify them")
      .addHelpText(
        "after",
        "\nKeep sign_key secret, in the variable that model_store.sign_key_var names; put verify_key into model_store.verify_key.",
      ),
  async run() {
    printResult(await generateSigningKeys());
  },
};
