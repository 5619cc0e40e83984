import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { run, runtimes } from "../runtimes/runtime.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const [deno = ""] = runtimes.Deno ?? [];
const json = async (file: string) => JSON.parse(await readFile(join(root, file), "utf8"));

it("could be published on JSR: every public name has its type written down", async () => {
  const result = await run([deno, "publish", "--dry-run", "--allow-dirty", "--no-check"], { cwd: root });
  const said = stripVTControlCharacters(result.stderr);
  expect(result.code, said).toBe(0);
  expect(said).toContain("Success Dry run complete");
  const files = Array.from(said.matchAll(/file:\/\/\S*/g), ([url]) => url.slice(url.indexOf(root) + root.length));
  expect(files).toContain("src/index.ts");
  expect(files.filter((file) => !/^(src|runtimes)\/|^[\w.]+$/.test(file))).toEqual([]);
});

it("has the same entry points on JSR as on npm", async () => {
  const { exports } = await json("package.json");
  const code = Object.keys(exports).filter((name) => !name.endsWith(".json"));
  expect(Object.keys((await json("deno.json")).exports).sort()).toEqual(code.sort());
});
