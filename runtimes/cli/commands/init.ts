import process from "node:process";
import { collectAnswers, type Flags } from "../../init/answers.ts";
import { createAsker } from "../../init/ask.ts";
import { nextCommands } from "../../init/common-files.ts";
import { createProject } from "../../init/create-project.ts";
import { templates } from "../../init/templates.ts";
import { languageNames, runtimeNames } from "../../init/types.ts";
import type { CliCommand } from "../command.ts";
import { holdSignals } from "../hold-signals.ts";

/** `launchpad init` */
export const init: CliCommand = {
  name: "init",
  configure: (command) =>
    command
      .description("make a project that trains, tests, serves and builds at once; asks for what no option says")
      .argument("[folder]", "where to make it; created if it is not there (default: the working folder)")
      .option("--name <name>", "the name of the model (default: that of the folder)")
      .option(
        "--data <file>",
        "the data to learn from: CSV, JSON lines or Parquet; copied if it lies outside the folder",
      )
      .option("--target <column>", "the column that is predicted (default: the last)")
      .option("--runtime <name>", `${runtimeNames.join(", ")} (default: the one that runs this command)`)
      .option("--language <name>", `what the model is written in: ${languageNames.join(", ")} (default: typescript)`)
      .option("--template <name>", `${Object.keys(templates).join(", ")} (default: tabular)`)
      .addHelpText("after", "\nExample: launchpad init iris --data iris.csv --target variety"),
  async run({ host }, [folder = "."], options) {
    const asker = createAsker();
    try {
      const answers = await collectAnswers(host, folder, options as Flags, asker);
      const release = holdSignals();
      try {
        const files = await createProject(folder, answers);
        const { data, runtime, language, template } = answers;
        const next = nextCommands({ runtime, language, platform: template.platform, hasTable: data !== undefined });
        const predicts = data ? `, which predicts ${data.target} (${data.task})` : "";
        const enter =
          folder === "." ? "" : `cd ${/^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`} && `;
        process.stderr.write(
          `Wrote ${files.join(", ")} for the model ${answers.name}${predicts}.\n\n  ${enter}${next}\n\n`,
        );
      } finally {
        release();
      }
    } finally {
      asker?.close();
    }
  },
};
