import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Packages are kept where npm keeps what it can make anew, and not among our own: they have dependencies that clash with ours. */
const cache = fileURLToPath(new URL("../../node_modules/.cache/launchpad-npm/", import.meta.url));

/**
 * Installs packages in a folder of their own, unless they are there.
 *
 * @param kind Name of the folder.
 * @param packages The packages, each with its exact version.
 *
 * @returns Path of the folder.
 */
export async function npmPackages(kind: string, packages: readonly string[]): Promise<string> {
  const folder = join(cache, kind);
  const done = join(folder, "ready");
  const wanted = packages.join("\n");
  if (existsSync(done) && readFileSync(done, "utf8") === wanted) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true }');
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--save-exact"];
  await run("npm", ["install", ...options, ...packages], { cwd: folder, maxBuffer: 2 ** 24 });
  await writeFile(done, wanted);
  return folder;
}
