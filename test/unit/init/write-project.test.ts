import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeProject } from "../../../runtimes/init/write-project.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-write-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a project is written whole or not at all", () => {
  it("also if the last file fails", async () => {
    const files = { "a.txt": "a", "b.csv": { copyOf: pathToFileURL(join(folder, "missing.csv")) } };
    await expect(writeProject(join(folder, "deep/down"), files)).rejects.toMatchObject({ code: "DATA_UNAVAILABLE" });
    expect(await readdir(folder)).toEqual([]);
  });

  it("and what was there before stays", async () => {
    await mkdir(join(folder, "mine"));
    await writeFile(join(folder, "mine/notes.txt"), "mine");
    const files = { "a.txt": "a", "b.csv": { copyOf: pathToFileURL(join(folder, "missing.csv")) } };
    await expect(writeProject(join(folder, "mine"), files)).rejects.toMatchObject({ code: "DATA_UNAVAILABLE" });
    expect(await readdir(join(folder, "mine"))).toEqual(["notes.txt"]);
    await expect(writeProject(join(folder, "mine"), { "a.txt": "a", "notes.txt": "" })).rejects.toThrow(
      /notes\.txt is there/,
    );
    expect(await readdir(join(folder, "mine"))).toEqual(["notes.txt"]);
    expect(await readFile(join(folder, "mine/notes.txt"), "utf8")).toBe("mine");
  });

  it("and a link that leads nowhere stays, too", async () => {
    await symlink("nowhere/at-all", join(folder, "link"));
    await expect(writeProject(join(folder, "link"), { "a.txt": "a" })).rejects.toMatchObject({
      code: "DATA_UNAVAILABLE",
    });
    expect(await readdir(folder)).toEqual(["link"]);
  });
});
