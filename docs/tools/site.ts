import { spawn } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";

// The documentation as a static site in docs/site/dist: the pages by VitePress, the reference of what can be imported by TypeDoc.

const docs = new URL("../", import.meta.url);
const site = new URL("site/", docs);
const inSite = (path: string) => fileURLToPath(new URL(path, site));
const root = fileURLToPath(new URL("../", docs));

async function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(program, args, { cwd, stdio: "inherit" });
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}`);
}

// Exact versions stand in its package.json; a lock of its own would have to be kept for every platform.
await run("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"], inSite("./"));
await rm(inSite(".pages"), { recursive: true, force: true });
for (const part of ["index.md", "guide", "reference", "internals"]) {
  await cp(fileURLToPath(new URL(part, docs)), inSite(`.pages/${part}`), { recursive: true });
}
await run(inSite("node_modules/.bin/vitepress"), ["build", "."], inSite("./"));
await run(
  inSite("node_modules/.bin/typedoc"),
  ["--options", inSite("typedoc.json"), "--tsconfig", "tsconfig.json", "--out", inSite("dist/api")],
  root,
);
