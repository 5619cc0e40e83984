import process from "node:process";
import { LaunchpadError } from "../../../src/internal.ts";
import type { Finding } from "../../migrate/finding.ts";
import { migrateProject } from "../../migrate/migrate-project.ts";
import type { CliCommand } from "../command.ts";
import { printResult } from "../streams.ts";

const titles: Readonly<Record<Finding["verdict"], string>> = {
  works: "Works as it is",
  changes: "Changes",
  decide: "To be decided by you",
};

/** `launchpad migrate` */
export const migrate: CliCommand = {
  name: "migrate",
  givesWay: true,
  configure: (command) =>
    command
      .description(
        "take over a project of ML Launchpad: say what works and what changes, write what is needed, never over anything",
      )
      .argument("[folder]", "the project, or its configuration (default: the working folder)")
      .option(
        "--to <language>",
        "typescript: write a model in TypeScript with the same sources, arguments and metrics, to be filled",
      )
      .option("--check", "write nothing")
      .addHelpText("after", "\nExample: launchpad migrate ../iris-project"),
  async run({ host }, [folder = "."], options) {
    if (options.to !== undefined && options.to !== "typescript") {
      throw new LaunchpadError("USAGE", `--to: found ${JSON.stringify(options.to)}, expected typescript`);
    }
    const writes = options.check !== true;
    const migration = await migrateProject(host, folder, { typescript: options.to === "typescript", writes });
    const { findings, written, kept } = migration;
    const lines = Object.entries(titles).flatMap(([verdict, title]) => {
      const of = findings.filter((finding) => finding.verdict === verdict);
      return of.length === 0 ? [] : [`${title}:`, ...of.map(({ where, text }) => `  ${where}: ${text}`), ""];
    });
    if (written.length > 0) lines.push(`${writes ? "Wrote" : "Would write"} ${written.join(", ")}.`);
    if (kept.length > 0) lines.push(`There already, and left as they are: ${kept.join(", ")}.`);
    lines.push("Next: npm install && npx launchpad train && npx launchpad api");
    process.stderr.write(`${lines.join("\n")}\n`);
    if (!process.stdout.isTTY) printResult({ findings, written, kept });
  },
};
