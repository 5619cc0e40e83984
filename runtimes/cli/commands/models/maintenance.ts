import { InvalidArgumentError } from "commander";
import { LaunchpadError } from "../../../../src/internal.ts";
import type { CliCommand } from "../../command.ts";
import { printResult } from "../../streams.ts";
import { checkKnown } from "./known-name.ts";

/** `launchpad models verify` */
export const verify: CliCommand = {
  name: "verify",
  configure: (command) =>
    command
      .description("check every digest in the store; ends with 1 if something is not what was stored")
      .argument("[name]", "one model; all if there is none"),
  async run(session, [name]) {
    const stores = await session.stores(name);
    const checked = (await Promise.all(stores.map((one) => one.store.verify(name ?? one.name)))).flat();
    if (checked.length === 0) for (const { store } of stores) await checkKnown(store, name);
    printResult(checked);
    const damaged = checked.filter(({ problems }) => problems.length > 0);
    if (damaged.length > 0) {
      const lines = damaged.flatMap(({ problems }) => problems);
      throw new LaunchpadError(
        "STORE_CORRUPT",
        `${damaged.length} of ${checked.length} are damaged:\n${lines.join("\n")}`,
      );
    }
  },
};

/** `launchpad models prune` */
export const prune: CliCommand = {
  name: "prune",
  configure: (command) =>
    command
      .description("remove all but the newest runs of each version, and never one that is current or aliased")
      .argument("[name]", "one model; all if there is none")
      .requiredOption("--keep <number>", "how many runs of each version to keep", wholeNumber)
      .option("--dry-run", "remove nothing, only print what would be"),
  async run(session, [name], { keep, dryRun }) {
    const store = await session.store(name);
    await checkKnown(store, name);
    printResult(
      await store.prune({ keep: Number(keep), dryRun: dryRun === true, ...(name === undefined ? {} : { name }) }),
    );
  },
};

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a whole number.");
}
