import { statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { ModelTypeContext } from "../../src/internal.ts";

/** Python that was found, or where it was looked for. */
export interface Interpreter {
  /** The command; undefined if what was named is not there. */
  readonly command: string | undefined;
  /** What was found at each of the places, in order. */
  readonly tried: readonly string[];
}

const inFolder = process.platform === "win32" ? "Scripts/python.exe" : "bin/python3";

/**
 * Finds the Python that runs a model: `model.python`, else LAUNCHPAD_PYTHON, else .venv beside the configuration, else the
 * virtual environment that is active, else python3.
 *
 * @param context The model.
 *
 * @returns The first of them that is named or there; it is not looked at what it can do.
 */
export function findPython({ config, host, base }: Pick<ModelTypeContext, "config" | "host" | "base">): Interpreter {
  const folder = fileURLToPath(new URL(".", base));
  const tried: string[] = [];
  const look = (name: string, command: string | undefined): string | undefined => {
    const path = command === undefined ? undefined : pathOf(command, folder);
    if (path === undefined) tried.push(`${name} is not set`);
    else if (isCommand(path) || isFile(path)) tried.push(`${name} is ${path}`);
    else tried.push(`${name} is ${path}, which is not there`);
    return path;
  };
  const venv = resolve(folder, ".venv", inFolder);
  const active = host.env("VIRTUAL_ENV");
  const named =
    look("model.python", config.model.python) ?? look("LAUNCHPAD_PYTHON", host.env("LAUNCHPAD_PYTHON") || undefined);
  if (named !== undefined) return { command: isCommand(named) || isFile(named) ? named : undefined, tried };
  if (isFile(venv)) return { command: venv, tried: [...tried, `${venv} is there`] };
  tried.push(`there is no ${venv}`);
  const inActive = look("VIRTUAL_ENV", active ? resolve(active, inFolder) : undefined);
  if (inActive !== undefined && isFile(inActive)) return { command: inActive, tried };
  const last = process.platform === "win32" ? "python" : "python3";
  return { command: last, tried: [...tried, `${last} is looked for on the PATH`] };
}

/** A name without a folder is looked for on the PATH by whoever starts it. */
function isCommand(path: string): boolean {
  return !/[/\\]/.test(path);
}

function pathOf(command: string, folder: string): string {
  return isCommand(command) || isAbsolute(command) ? command : resolve(folder, command);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
