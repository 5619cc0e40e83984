import { existsSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";

/** How packages are added, by the file that says who manages them; the first in a folder counts. */
const managers = [
  ["pnpm-lock.yaml", "pnpm add"],
  ["yarn.lock", "yarn add"],
  ["bun.lock", "bun add"],
  ["bun.lockb", "bun add"],
  ["package-lock.json", "npm install"],
  ["deno.lock", "deno add"],
] as const;

/**
 * Creates the advice about an import that leads nowhere.
 *
 * @param specifier What is imported.
 * @param module The path of the module that was being loaded.
 *
 * @returns A sentence that begins with a space; nothing where the message says all there is.
 */
export function adviceFor(specifier: string, module: string): string {
  const name = specifier.replace(/^npm:/, "");
  if (/^(\.|\/|file:|[A-Za-z]:[\\/])/.test(name)) return "";
  if (name.startsWith("node:") || builtinModules.includes(name)) {
    return ` This runtime has no module ${name}: use a newer one, or another module`;
  }
  if (name.startsWith("#")) return ' Names with # stand below "imports" in package.json: add it there';
  if (/^(~|@)(\/|$)/.test(name) || /^[A-Z_$]/.test(name)) {
    return ` ${name} is no package: say where it is below compilerOptions.paths in tsconfig.json, or import it by its path`;
  }
  const [, named] = /^((?:@[\w.~-]+\/)?[\w.~-]+)(?:\/|$)/.exec(name) ?? [];
  if (named === undefined) return "";
  const command = managerOf(dirname(module));
  return ` Install it in the folder of the model: ${command} ${command === "deno add" ? `npm:${named}` : named}`;
}

function managerOf(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const found = managers.find(([file]) => existsSync(join(folder, file)));
    if (found) return found[1];
    if (folder === dirname(folder)) return "npm install";
  }
}
