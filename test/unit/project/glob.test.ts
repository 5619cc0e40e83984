import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { glob } from "../../../runtimes/project/many/glob.ts";

let folder = "";
const files = [
  "a/launchpad.yml",
  "b/launchpad.yml",
  "b/deep/er/launchpad.yml",
  "c(1)/launchpad.yml",
  ".hidden/launchpad.yml",
  "node_modules/x/launchpad.yml",
  "d/other.yml",
];

async function listed(pattern: string, only?: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(`${folder}/${pattern}`, only)) found.push(path);
  return found;
}

beforeAll(async () => {
  folder = (await mkdtemp(join(tmpdir(), "launchpad-glob-"))).replaceAll("\\", "/");
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), "");
  }
  await symlink(join(folder, "a"), join(folder, "link"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ["*/launchpad.yml", ["a", "b", "c(1)", "link"].map((name) => `${name}/launchpad.yml`)],
  ["{a,b}/launchpad.yml", ["a/launchpad.yml", "b/launchpad.yml"]],
  ["[ab]/*.yml", ["a/launchpad.yml", "b/launchpad.yml"]],
  ["[!abl]*/launchpad.yml", ["c(1)/launchpad.yml"]],
  ["b/**/launchpad.yml", ["b/launchpad.yml", "b/deep/er/launchpad.yml"]],
  ["?", ["a", "b", "d"]],
  [".*/launchpad.yml", [".hidden/launchpad.yml"]],
  ["c(1)/l*", ["c(1)/launchpad.yml"]],
  ["**/other.yml", ["d/other.yml"]],
  ["nothing/*/launchpad.yml", []],
  ["a/launchpad.yml/*", []],
])("finds %s", async (pattern, expected) => {
  expect(await listed(pattern)).toEqual(expected.map((file) => join(folder, file)));
});

it("looks at one name alone, where there is such a one", async () => {
  expect(await listed("*/launchpad.yml", "b")).toEqual([join(folder, "b/launchpad.yml")]);
  expect(await listed("d/*", "other")).toEqual([join(folder, "d/other.yml")]);
  expect(await listed("*/launchpad.yml", "nobody")).toHaveLength(4);
});
