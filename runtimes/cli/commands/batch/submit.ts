import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import process from "node:process";
import { Option } from "commander";
import { LaunchpadError, messageOf } from "../../../../src/internal.ts";
import { isCode } from "../../../io/error-code.ts";
import type { CliCommand } from "../../command.ts";
import type { Engine, Job } from "../../engines/job.ts";
import { kubernetes } from "../../engines/kubernetes.ts";
import { slurm } from "../../engines/slurm.ts";
import { spark } from "../../engines/spark.ts";
import { doneParts } from "../../scoring/parts.ts";
import { planDigest, readPlan } from "../../scoring/plan.ts";
import { openResultFolder } from "../../scoring/result-folder.ts";
import { printResult } from "../../streams.ts";
import { wholeFrom } from "./options.ts";

/** The engines that jobs are sent to. */
const engines: Readonly<Record<string, Engine>> = { slurm, kubernetes, spark };

/** `launchpad batch submit` */
export const submit: CliCommand = {
  name: "submit",
  configure: (command) =>
    command
      .description("write the job that runs the parts which are missing, and send it to an engine")
      .argument("<folder>", "the folder of the plan")
      .addOption(new Option("--engine <name>", "the engine").choices(Object.keys(engines)).makeOptionMandatory())
      .option("--file <file>", "where the job is written (default: its name and digest, here)")
      .option("--only-write", "write the job, and send nothing")
      .option("--at-once <tasks>", "how many tasks run at the same time", wholeFrom(1))
      .option("--program <words...>", "the command line of Launchpad where tasks run (default: launchpad)")
      .option("--project <folder>", "the project where tasks run (default: this folder)")
      .option("--image <image>", "kubernetes: the image of a container with the project and Launchpad")
      .option("--claim <name>", "kubernetes: the claim of a volume that all tasks reach")
      .option("--mount <path>", "kubernetes: where it is mounted", "/shared")
      .option("--master <url>", "spark: the master, where its settings do not tell it"),
  async run({ host, globals }, [given = ""], options) {
    const folder = openResultFolder(given, host);
    const plan = await readPlan(folder);
    const parts = await doneParts(folder, plan);
    const missing = parts.flatMap((part, index) => (part ? [] : [index]));
    const kind = String(options.engine);
    const engine = engines[kind] ?? slurm;
    const name = `launchpad-${planDigest(plan).slice(0, 10)}`;
    if (missing.length === 0) return printResult({ engine: kind, parts: parts.length, missing: 0, sent: false });
    const text = (option: unknown) => (typeof option === "string" ? option : undefined);
    const job: Job = {
      name,
      folder: folder.shown,
      project: text(options.project) ?? process.cwd(),
      command: [
        ...((options.program as string[] | undefined) ?? ["launchpad"]),
        ...globals.config.flatMap((file) => ["-c", file]),
      ],
      parts: parts.length,
      missing,
      atOnce: options.atOnce as number | undefined,
      image: text(options.image),
      claim: text(options.claim),
      mount: String(options.mount),
      master: text(options.master),
    };
    const contents = engine.write(job);
    // What is left after a failure is another job: it needs another file.
    const digest = createHash("sha256").update(contents).digest("hex").slice(0, 8);
    const file = resolve(text(options.file) ?? `${name}-${digest}.${engine.ending}`);
    await writeNew(file, contents);
    const written = { engine: kind, file, parts: parts.length, missing: missing.length };
    if (options.onlyWrite === true) return printResult({ ...written, sent: false });
    const printed = await sent(engine.send(file, job));
    const id = engine.sent(printed);
    printResult({ ...written, sent: true, ...(id !== undefined && { job: id }) });
  },
};

/** Writes a file that is not there, or has the same contents already: nothing of others is lost. */
async function writeNew(file: string, contents: string): Promise<void> {
  try {
    await writeFile(file, contents, { flag: "wx" });
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
    const found = await stat(file);
    if (found.isFile() && (await readFile(file, "utf8")) === contents) return;
    throw new LaunchpadError(
      "USAGE",
      `--file: expected a name that is free, found ${file} with other contents. Name another, or remove it`,
    );
  }
}

/** What the program of an engine printed when it took the job. */
async function sent([program = "", ...args]: readonly string[]): Promise<string> {
  let printed = "";
  const code = await new Promise<number | string>((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.setEncoding("utf8").on("data", (text) => {
      printed += text;
    });
    child.on("error", (error) => reject(unsent(program, messageOf(error))));
    child.on("close", (code, signal) => resolve(code ?? signal ?? "nothing"));
  });
  if (code !== 0) throw unsent(program, `it ended with ${code}: ${printed.trim().slice(-500)}`);
  return printed;
}

function unsent(program: string, found: string): LaunchpadError {
  return new LaunchpadError(
    "ENGINE_UNAVAILABLE",
    `${program}: expected it to take the job, found that it does not (${found}). The job is written; --only-write sends nothing`,
  );
}
