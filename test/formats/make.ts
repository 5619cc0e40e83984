import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

/*
 * Makes the corpora of model files anew: `node test/formats/make.ts [format ...]`, all formats unless told.
 *
 * A format is a folder here with a `make.py` and one or several `requirements*.txt`. For each of these a virtual
 * environment is made beside it and kept; `make.py` runs in it with `--out` and `--tag` (what stands between
 * `requirements-` and `.txt`). The first line of a list of packages may name the Python that it needs: `# python 3.13`.
 */

const here = fileURLToPath(new URL("./", import.meta.url));

const run = (command: string, args: readonly string[], folder: string): void => {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", cwd: folder });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${error?.message ?? status}.`);
};

/** Command of a Python of a version, or of the one that is there. */
const pythonFor = (requirements: string): string => {
  const version = /^# python (\d+\.\d+)/.exec(readFileSync(requirements, "utf8"))?.[1];
  const names = version === undefined ? ["python3"] : [`python${version}`, "python3"];
  for (const name of names) {
    const { stdout } = spawnSync(name, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"], {
      encoding: "utf8",
    });
    if (stdout && (version === undefined || stdout.trim() === version)) return name;
  }
  throw new Error(`${requirements}: expected Python ${version ?? "3"}, found none. Install it, or put it on the PATH.`);
};

/** Virtual environment with the packages of a list; made anew if the list has changed. */
const environmentOf = (format: string, requirements: string, tag: string): string => {
  const environment = `${here}.venv-${format}${tag && `-${tag}`}`;
  const stamp = `${environment}/requirements.sha256`;
  const digest = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== digest) {
    rmSync(environment, { recursive: true, force: true });
    run(pythonFor(requirements), ["-m", "venv", environment], here);
    run(`${environment}/bin/python`, ["-m", "pip", "install", "--quiet", "-r", requirements], here);
    writeFileSync(stamp, digest);
  }
  return `${environment}/bin/python`;
};

const formats = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(`${here}${entry.name}/make.py`))
  .map((entry) => entry.name);
const chosen = process.argv.length > 2 ? process.argv.slice(2) : formats;

for (const format of chosen) {
  if (!formats.includes(format)) throw new Error(`expected one of ${formats.join(", ")}, found ${format}.`);
  const folder = `${here}${format}/`;
  rmSync(`${folder}corpus`, { recursive: true, force: true });
  const lists = readdirSync(folder).filter((file) => /^requirements.*\.txt$/.test(file));
  for (const list of lists) {
    const tag = /^requirements-?(.*)\.txt$/.exec(list)?.[1] ?? "";
    const python = environmentOf(format, `${folder}${list}`, tag);
    run(python, ["make.py", "--out", `${folder}corpus`, "--tag", tag], folder);
  }
}
