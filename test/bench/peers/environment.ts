import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "../tool/benchmark.ts";
import { runProgram } from "../tool/programs.ts";
import { reasonOf } from "../tool/reason.ts";

/** A virtual environment; or why there is none. */
export interface PythonEnvironment {
  /** Its interpreter. */
  readonly python?: string;
  /** Of the package that it is there for. */
  readonly version: string;
  readonly reason: string;
}

/**
 * Makes a virtual environment in test/bench/.venv, if it is not there: with the versions in requirements/NAME.txt, and no others.
 *
 * @param context The run.
 * @param name The requirements.
 * @param main The package that it is there for.
 *
 * @returns The environment. Python 3.11 is what the versions were chosen for.
 */
export async function pythonEnvironment(context: Context, name: string, main: string): Promise<PythonEnvironment> {
  const requirements = fileURLToPath(new URL(`requirements/${name}.txt`, import.meta.url));
  const folder = fileURLToPath(new URL(`../.venv/${name}`, import.meta.url));
  const wanted = await readFile(requirements, "utf8");
  const version = new RegExp(`^${main}==(.+)$`, "m").exec(wanted)?.[1] ?? "";
  const python = join(folder, "bin", "python");
  const ready = join(folder, "requirements.txt");
  try {
    if (!existsSync(ready) || (await readFile(ready, "utf8")) !== wanted) {
      context.say(`installing ${main} ${version}`);
      await rm(folder, { recursive: true, force: true });
      await runProgram(context, ["python3", "-m", "venv", folder]);
      const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"];
      await runProgram(context, [python, ...install, "--no-deps", "-r", requirements]);
      await writeFile(ready, wanted);
    }
    return { python, version, reason: "" };
  } catch (error) {
    return { version, reason: reasonOf(error) };
  }
}
