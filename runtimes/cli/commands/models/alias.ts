import { LaunchpadError } from "../../../../src/internal.ts";
import type { CliCommand } from "../../command.ts";
import { printResult } from "../../streams.ts";
import { checkKnown } from "./known-name.ts";

/** `launchpad models alias` */
export const aliasModel: CliCommand = {
  name: "alias",
  configure: (command) =>
    command
      .description("print the aliases of a model, point one at a run, or remove it")
      .argument("<model>", "NAME to print or remove; the run to point at: NAME, NAME@VERSION, NAME@VERSION/RUN")
      .argument("[alias]", "the alias, such as champion")
      .option("--remove", "remove the alias"),
  async run(session, [model = "", alias], { remove }) {
    const store = await session.store(model);
    const [name = ""] = model.split("@");
    if (alias === undefined && remove) {
      throw new LaunchpadError("USAGE", "which alias is to be removed? launchpad models alias NAME ALIAS --remove");
    }
    if (alias !== undefined) await store.alias(name, alias, remove ? undefined : await store.resolve(model));
    const aliases = await store.aliases(name);
    if (alias === undefined && Object.keys(aliases).length === 0) await checkKnown(store, name);
    printResult(aliases);
  },
};
