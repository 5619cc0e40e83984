import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Virtual environments are made once: they take a minute, and are kept where npm keeps what it can make anew. */
const cache = fileURLToPath(new URL("../../node_modules/.cache/launchpad-python/", import.meta.url));

const packages = [
  "pandas",
  "scikit-learn",
  "pyarrow",
  "polars",
  // What judges documents about models.
  "huggingface_hub",
  "cyclonedx-python-lib[json-validation]",
];

/** Libraries that write files of models. */
const exporters = ["pandas", "scikit-learn", "skops", "xgboost-cpu", "lightgbm", "catboost", "skl2onnx"];

/** Versions of Python that a model may be written in. */
const names = ["python3.10", "python3.11", "python3.12", "python3.13", "python3.14"];

/** Those on the PATH, and those that pyenv keeps, which puts one of them there. */
async function commands(): Promise<string[]> {
  const root = join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  const kept = await readdir(root).catch(() => []);
  return [...names, "python3", ...kept.map((version) => join(root, version, "bin", "python3"))];
}

/** A Python with pandas and scikit-learn. */
export interface Python {
  /** The path of its program. */
  readonly path: string;
  /** `3.13`. */
  readonly version: string;
}

/**
 * Makes virtual environments with the packages that tests want, unless they are there: of python3, or of the oldest and the
 * newest Python on the PATH.
 *
 * @param which Of which.
 *
 * @returns One for `default`; one or two for `extremes`.
 */
export async function pythons(which: "default" | "extremes"): Promise<Python[]> {
  const found: { command: string; version: string }[] = [];
  for (const command of which === "default" ? ["python3"] : await commands()) {
    const version = await versionOf(command);
    if (version !== undefined && !found.some((other) => other.version === version)) found.push({ command, version });
  }
  found.sort((a, b) => Number(a.version.slice(2)) - Number(b.version.slice(2)));
  const chosen = [...new Set([found.at(0), found.at(-1)])].filter((it) => it !== undefined);
  if (chosen.length === 0)
    throw new Error("no Python 3.10 or newer on the PATH: npm run setup, or sudo apt-get install python3 python3-venv");
  const made: Python[] = [];
  for (const { command, version } of chosen) made.push({ path: await environment(command, version), version });
  return made;
}

/** Makes the virtual environment with the libraries that write files of models, unless it is there. */
export async function exportingPython(): Promise<string> {
  return environment("python3", (await versionOf("python3")) ?? "", "export-", exporters);
}

/** Clients of the protocols that others wrote, and Schemathesis; these versions go together. */
const clients = [
  "tritonclient[http]==2.73.0",
  "kserve==0.21.0",
  "mlflow-skinny==3.17.2",
  // MLflow's client looks for it.
  "scipy",
  "boto3==1.44.8",
  "schemathesis==4.32.5",
  "mcp==2.3.0",
];

/**
 * Makes a virtual environment with clients of the protocols, unless it is there.
 *
 * @returns The path of its Python.
 */
export async function clientsPython(): Promise<string> {
  const version = await versionOf("python3");
  if (version === undefined)
    throw new Error("no Python 3.10 or newer on the PATH: npm run setup, or sudo apt-get install python3 python3-venv");
  return environment("python3", version, "clients-", clients);
}

/**
 * Makes a virtual environment with the messages of OpenTelemetry and the schema of Grafana's dashboards, unless it is there.
 *
 * @returns The path of its Python.
 */
export async function watchPython(): Promise<string> {
  return environment("python3", (await versionOf("python3")) ?? "", "watch-", [
    "opentelemetry-proto==1.45.2",
    "grafana-foundation-sdk==1769699998!10.1.0",
  ]);
}

async function versionOf(command: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    const version = stdout.trim();
    return Number(version.slice(2)) >= 10 ? version : undefined;
  } catch {
    return undefined;
  }
}

async function environment(command: string, version: string, kind = "", wanted = packages): Promise<string> {
  const folder = join(cache, kind + version);
  const python = join(folder, "bin", "python3");
  const done = join(folder, "ready");
  const isDone = () => existsSync(done) && readFileSync(done, "utf8") === wanted.join("\n");
  if (isDone()) return python;
  await mkdir(cache, { recursive: true });
  const lock = `${folder}.lock`;
  for (let turn = 0; ; turn += 1) {
    try {
      await mkdir(lock);
      break;
    } catch {
      if (isDone()) return python;
      // Whoever began it may have been ended.
      const age = Date.now() - (await stat(lock).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
      if (age > 600_000 || turn > 1200) await rmdir(lock).catch(() => {});
      await wait(500);
    }
  }
  try {
    if (isDone()) return python;
    await rm(folder, { recursive: true, force: true });
    await run(command, ["-m", "venv", folder]);
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...wanted], {
      maxBuffer: 2 ** 26,
    });
    await writeFile(done, wanted.join("\n"));
    return python;
  } finally {
    await rmdir(lock);
  }
}
