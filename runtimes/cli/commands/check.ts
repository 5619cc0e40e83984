import { writeFile } from "node:fs/promises";
import process from "node:process";
import { LaunchpadError } from "../../../src/internal.ts";
import { reportJunit, reportText } from "../../conformance/report.ts";
import { suites, tryClauses } from "../../conformance/run.ts";
import type { CliCommand } from "../command.ts";
import { printResult } from "../streams.ts";

const names = Object.keys(suites);

/** `launchpad check` */
export const check: CliCommand = {
  name: "check",
  configure: (command) =>
    command
      .description("try the clauses of protocols at a server, ours or another's: exit code 1 where one is missed")
      .argument("<url>", "where the server is: http://127.0.0.1:5000")
      .requiredOption("--model <name>", "the name of the model that is asked")
      .option("--protocol <names...>", `${names.join(", ")} (default: oip)`)
      .option("--rows <json>", 'rows that the model takes, two or more: \'[{"a": 1}, {"a": 2}]\'')
      .option("--json", "print the outcomes in JSON, with what was sent and what came")
      .option("--junit <file>", "write the outcomes for CI, in the XML of JUnit"),
  async run(_session, [url = ""], options) {
    if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ""))
      throw usage(`url: found ${url}, expected a URL with http or https`);
    const protocols = (options.protocol as readonly string[] | undefined) ?? ["oip"];
    const unknown = protocols.find((name) => !names.includes(name));
    if (unknown !== undefined) throw usage(`--protocol: found ${unknown}, expected ${names.join(", ")}`);
    const outcomes = await tryClauses(url, protocols, { model: String(options.model), rows: rowsOf(options.rows) });
    if (options.junit !== undefined) await writeFile(String(options.junit), reportJunit(outcomes));
    if (options.json) printResult(outcomes);
    else process.stdout.write(reportText(outcomes));
    const missed = outcomes.filter((outcome) => outcome.missed !== undefined).length;
    if (missed > 0)
      throw new LaunchpadError(
        "CLAUSES_MISSED",
        `[check] ${url}: found ${missed} of ${outcomes.length} clauses missed, expected none`,
      );
  },
};

function rowsOf(given: unknown): readonly Record<string, unknown>[] | undefined {
  if (given === undefined) return undefined;
  try {
    const rows: unknown = JSON.parse(String(given));
    const isRow = (row: unknown) => typeof row === "object" && row !== null && !Array.isArray(row);
    if (Array.isArray(rows) && rows.length > 0 && rows.every(isRow)) return rows as Record<string, unknown>[];
  } catch {}
  throw usage("--rows: found something else, expected a list of objects in JSON");
}

function usage(message: string): LaunchpadError {
  return new LaunchpadError("USAGE", message);
}
