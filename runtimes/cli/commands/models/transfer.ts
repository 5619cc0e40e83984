import process from "node:process";
import { LaunchpadError } from "../../../../src/internal.ts";
import { pathUrl } from "../../../project/find-config.ts";
import type { CliCommand } from "../../command.ts";
import type { Session } from "../../session.ts";
import { printResult, readStandardInput, writeStandardOutput } from "../../streams.ts";

/** `launchpad models export` */
export const exportModel: CliCommand = {
  name: "export",
  configure: (command) =>
    command
      .description("write one run to one file, to carry it to another store")
      .argument("<model>", "NAME, NAME@VERSION, NAME@ALIAS or NAME@VERSION/RUN")
      .argument("[file]", "the file; - or nothing for the standard output"),
  async run(session, [model = "", file = "-"]) {
    if (file === "-" && process.stdout.isTTY) {
      throw new LaunchpadError("USAGE", "an exported run is bytes, not text for a terminal. Name a file.");
    }
    const store = await session.store(model);
    const run = await store.resolve(model);
    const bytes = await store.export(run);
    if (file === "-") return writeStandardOutput(bytes);
    await filesOf(session).write(pathUrl(file, filesOf(session)), bytes);
    printResult(run);
  },
};

/** `launchpad models import` */
export const importModel: CliCommand = {
  name: "import",
  configure: (command) =>
    command
      .description("add an exported run; it serves if nothing else serves its version")
      .argument("[file]", "the file; - or nothing for the standard input"),
  async run(session, [file = "-"]) {
    const bytes =
      file === "-" ? await readStandardInput() : await filesOf(session).read(pathUrl(file, filesOf(session)));
    printResult(await (await session.store()).import(bytes));
  },
};

function filesOf({ host }: Session) {
  if (host.files) return host.files;
  throw new LaunchpadError("INTERNAL", "the command line needs a host with files");
}
