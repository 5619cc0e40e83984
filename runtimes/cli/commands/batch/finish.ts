import type { CliCommand } from "../../command.ts";
import { doneParts, finishBatch, removeLeftovers } from "../../scoring/parts.ts";
import { readPlan } from "../../scoring/plan.ts";
import { openResultFolder } from "../../scoring/result-folder.ts";
import { printResult } from "../../streams.ts";

/** `launchpad batch finish` */
export const finish: CliCommand = {
  name: "finish",
  configure: (command) =>
    command
      .description("check that all parts are there, once and whole; name them and write _SUCCESS")
      .argument("<folder>", "the folder of the plan"),
  async run({ host }, [given = ""]) {
    const folder = openResultFolder(given, host);
    const made = await readPlan(folder);
    const result = await finishBatch(folder, made);
    await removeLeftovers(folder, made);
    printResult(result);
  },
};

/** `launchpad batch status` */
export const status: CliCommand = {
  name: "status",
  configure: (command) =>
    command.description("print how far a batch is").argument("<folder>", "the folder of the plan"),
  async run({ host }, [given = ""]) {
    const folder = openResultFolder(given, host);
    const made = await readPlan(folder);
    const parts = await doneParts(folder, made);
    const done = parts.filter((one) => one !== undefined);
    const sum = (key: "rows" | "predicted" | "skipped") => done.reduce((total, one) => total + one[key], 0);
    printResult({
      parts: parts.length,
      done: done.length,
      missing: parts.flatMap((one, index) => (one ? [] : [index])),
      rows: made.rows,
      predicted: sum("predicted"),
      skipped: sum("skipped"),
    });
  },
};
