import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { LaunchpadError } from "../../src/internal.ts";

/** Project of ML Launchpad. */
export interface FoundProject {
  readonly folder: string;
  /** Path of its configuration. */
  readonly config: string;
  /** Paths of its other small files, from the folder, two levels deep. */
  readonly others: readonly string[];
}

/** Neither is looked into. */
const left = new Set(["node_modules", ".git", ".venv", "venv", "__pycache__", "build", "dist"]);
/** Larger files are no scripts. */
const maxScript = 256 * 1024;
/** More files than a project has. */
const maxFiles = 2000;

/**
 * Finds the configuration of a project, and the files that lie beside it.
 *
 * @param place A folder, or the configuration itself.
 *
 * @returns The project.
 *
 * @throws CONFIG_NOT_FOUND when there is none, or several of which none has the usual name.
 */
export async function findProject(place: string): Promise<FoundProject> {
  const path = resolve(place);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new LaunchpadError(
      "CONFIG_NOT_FOUND",
      `${place}: expected the folder of a project, found nothing. Correct the path.`,
    );
  }
  const folder = found.isFile() ? dirname(path) : path;
  const others = await filesBelow(folder);
  if (found.isFile()) return { folder, config: path, others };
  const candidates: string[] = [];
  for (const name of others.filter((one) => /\.ya?ml$/.test(one))) {
    const text = await readFile(join(folder, name), "utf8");
    if (/^model:/m.test(text) && /^model_store:/m.test(text)) candidates.push(name);
  }
  const usual = candidates.find((name) => basename(name) === "LAUNCHPAD_CFG.yml") ?? candidates[0];
  if (usual !== undefined && (candidates.length === 1 || basename(usual) === "LAUNCHPAD_CFG.yml")) {
    return { folder, config: join(folder, usual), others };
  }
  const advice =
    candidates.length === 0
      ? "Name the folder in which it is."
      : `Name it: launchpad migrate ${join(place, candidates[0] ?? "")}`;
  throw new LaunchpadError(
    "CONFIG_NOT_FOUND",
    `${place}: expected one configuration of ML Launchpad (a YAML file with model and model_store), found ${candidates.join(", ") || "none"}. ${advice}`,
  );
}

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (inside: string, depth: number) => {
    for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
      const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
      if (found.length >= maxFiles) return;
      if (entry.isDirectory()) {
        if (depth < 2 && !left.has(entry.name)) await look(path, depth + 1);
      } else if (entry.isFile() && (await stat(join(folder, path))).size <= maxScript) found.push(path);
    }
  };
  await look("", 0);
  return found;
}
