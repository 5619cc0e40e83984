import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createStorage } from "unstorage";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileDriver } from "../../../runtimes/storage/file-driver.ts";

let parent = "";
let folder = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "launchpad-files-"));
  folder = join(parent, "store");
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const open = () => createStorage({ driver: fileDriver({ folder }) });

describe("the file driver", () => {
  it("keeps a key in a file of the same path", async () => {
    await open().setItemRaw("iris:0.0.2:contents", Uint8Array.of(1, 2, 3));
    expect([...(await readFile(join(folder, "iris/0.0.2/contents")))]).toEqual([1, 2, 3]);
  });

  it("says so where a folder stands in the place of a file", async () => {
    await mkdir(join(folder, "iris/1.0.0/current.json"), { recursive: true });
    await expect(open().getItemRaw("iris:1.0.0:current.json")).rejects.toThrow("expected a file, found a folder");
    await expect(open().getItem("iris:1.0.0:current.json")).rejects.toThrow("expected a file, found a folder");
    expect(await open().hasItem("iris:1.0.0:current.json")).toBe(false);
  });

  it("gives back bytes and text", async () => {
    const storage = open();
    await storage.setItemRaw("a:b", Uint8Array.of(0, 255));
    expect([...((await storage.getItemRaw<Uint8Array>("a:b")) ?? [])]).toEqual([0, 255]);
    await storage.setItem("a:c", "Größe");
    expect(await storage.getItem("a:c")).toBe("Größe");
    expect(await storage.hasItem("a:b")).toBe(true);
    expect(await storage.getMeta("a:b")).toMatchObject({ size: 2, mtime: expect.any(Date) });
  });

  it("takes its folder as a path or as a URL, with characters that URLs escape", async () => {
    folder = join(parent, "mein Ordner #1 %20");
    await open().setItemRaw("a", "x");
    const driver = fileDriver({ folder: pathToFileURL(`${folder}/`) });
    expect(String(await driver.getItem("a"))).toBe("x");
  });

  it("takes a folder that is not there for an empty one, and does not make it by reading", async () => {
    const storage = open();
    expect(await storage.getKeys()).toEqual([]);
    expect(await storage.getItemRaw("a")).toBeNull();
    expect(await storage.hasItem("a")).toBe(false);
    expect(await storage.getMeta("a")).toEqual({});
    await storage.removeItem("a");
    await storage.clear();
    expect(await readdir(parent)).toEqual([]);
  });

  it("does not take a folder for a file", async () => {
    const storage = open();
    await storage.setItemRaw("a:b", "x");
    expect(await storage.hasItem("a")).toBe(false);
    await expect(storage.getItemRaw("a")).rejects.toThrow("expected a file, found a folder");
  });

  it("does not take a file for an empty store", async () => {
    await writeFile(folder, "I am a file");
    const storage = open();
    await expect(storage.getKeys()).rejects.toThrow("ENOTDIR");
    await expect(storage.getItemRaw("a")).rejects.toThrow("ENOTDIR");
    await expect(storage.setItemRaw("a", "x")).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(await readFile(folder, "utf8")).toBe("I am a file");
  });

  it("lists keys, all of them or those below a base", async () => {
    const storage = open();
    for (const key of ["a:b:c", "a:b:d:e", "ab:c", "f"]) await storage.setItemRaw(key, "x");
    expect((await storage.getKeys()).sort()).toEqual(["a:b:c", "a:b:d:e", "ab:c", "f"]);
    expect((await storage.getKeys("a")).sort()).toEqual(["a:b:c", "a:b:d:e"]);
    expect(await storage.getKeys("a:b:d")).toEqual(["a:b:d:e"]);
    expect(await storage.getKeys("nothing")).toEqual([]);
  });

  it("removes one file, those below a base, or all", async () => {
    const driver = fileDriver({ folder });
    for (const key of ["a:b", "a:c:d", "e", "f"]) await driver.setItemRaw?.(key, "x", {});
    await driver.removeItem?.("f", {});
    expect((await driver.getKeys("", {})).sort()).toEqual(["a:b", "a:c:d", "e"]);
    await driver.clear?.("a:", {});
    expect(await driver.getKeys("", {})).toEqual(["e"]);
    await driver.clear?.("", {});
    expect(await driver.getKeys("", {})).toEqual([]);
  });

  it("leaves nothing outside its folder, whatever the key", async () => {
    const driver = fileDriver({ folder });
    await writeFile(join(parent, "secret"), "secret");
    const keys = ["", ":", "..", "..:secret", "a:..:..:secret", "../secret", "a/../../secret", ".", "a:.:b", "a::b"];
    const absolute = [join(parent, "secret"), `:${parent}:secret`, "a\0b", "..\\secret", "a:b\\c", "a\nb"];
    for (const key of [...keys, ...absolute]) {
      for (const attempt of [
        async () => driver.getItem(key),
        async () => driver.getItemRaw?.(key, {}),
        async () => driver.setItem?.(key, "x", {}),
        async () => driver.setItemRaw?.(key, "x", {}),
        async () => driver.removeItem?.(key, {}),
        async () => driver.hasItem(key, {}),
        async () => driver.getMeta?.(key, {}),
      ]) {
        await expect(attempt(), JSON.stringify(key)).rejects.toThrow("is refused because of");
      }
    }
    for (const base of ["..", "..:", "a:..:..:", "\0"]) {
      await expect((async () => driver.getKeys(base, {}))(), base).rejects.toThrow("is refused");
      await expect((async () => driver.clear?.(base, {}))(), base).rejects.toThrow("is refused");
    }
    expect(await readdir(parent)).toEqual(["secret"]);
    expect(await readFile(join(parent, "secret"), "utf8")).toBe("secret");
  });

  it("keeps names with dots that lead nowhere", async () => {
    const storage = open();
    for (const key of ["a..b:c", "...:x", ".hidden:y", "..a"]) await storage.setItemRaw(key, "x");
    expect((await storage.getKeys()).sort()).toEqual(["...:x", "..a", ".hidden:y", "a..b:c"]);
  });

  it("never shows a file that is half written: a reader sees the old content or the new", async () => {
    const storage = open();
    const contents = [1, 2].map((fill) => new Uint8Array(2_000_000).fill(fill));
    await storage.setItemRaw("a:b", contents[0]);
    let writing = true;
    const seen = new Set<string>();
    const read = async () => {
      while (writing) {
        const found = (await storage.getItemRaw<Uint8Array>("a:b")) ?? new Uint8Array();
        seen.add(`${found.length} bytes of ${[...new Set(found)].join(" and ")}`);
        expect(await storage.getKeys()).toEqual(["a:b"]);
      }
    };
    const write = async () => {
      for (let n = 0; n < 10; n++) await storage.setItemRaw("a:b", contents[n % 2]);
      writing = false;
    };
    await Promise.all([read(), write()]);
    for (const text of seen) expect(text).toMatch(/^2000000 bytes of [12]$/);
    expect(await readdir(join(folder, "a"))).toEqual(["b"]);
  });

  it("keeps the old content and no other file when a write fails", async () => {
    const driver = fileDriver({ folder });
    await driver.setItemRaw?.("a:b", "old", {});
    await expect(driver.setItemRaw?.("a:b", { not: "bytes" }, {})).rejects.toThrow();
    expect(await driver.getItem("a:b")).toBe("old");
    // A folder of that name is in the way of the rename, after everything was written.
    await mkdir(join(folder, "a", "taken", "x"), { recursive: true });
    await expect(driver.setItemRaw?.("a:taken", "new", {})).rejects.toThrow();
    expect((await readdir(join(folder, "a"))).sort()).toEqual(["b", "taken"]);
  });

  it("takes many writes of one key at once", async () => {
    const storage = open();
    await Promise.all(Array.from({ length: 16 }, (_, at) => storage.setItemRaw("a:b:c", `content ${at}`)));
    expect(String(await storage.getItemRaw("a:b:c"))).toMatch(/^content \d+$/);
    expect(await storage.getKeys()).toEqual(["a:b:c"]);
  });

  it("does not list what a killed process left half written, and no key can name it", async () => {
    const driver = fileDriver({ folder });
    await driver.setItemRaw?.("a:b", "x", {});
    const left = ".0b9aa1f6-25b8-4d4c-9a53-3a3c0bb6ad5f.tmp";
    await writeFile(join(folder, "a", left), "half");
    expect(await driver.getKeys("", {})).toEqual(["a:b"]);
    await expect((async () => driver.getItem(`a:${left}`))()).rejects.toThrow("is refused");
  });

  it("follows links to files and folders, but not around in circles", async () => {
    const storage = open();
    await storage.setItemRaw("a:b", "x");
    await mkdir(join(parent, "disk"));
    await writeFile(join(parent, "disk", "c"), "y");
    await symlink(join(parent, "disk"), join(folder, "linked"));
    await symlink(join(parent, "disk", "c"), join(folder, "file"));
    await symlink(folder, join(folder, "a", "circle"));
    await symlink(join(parent, "nowhere"), join(folder, "broken"));
    expect((await storage.getKeys()).sort()).toEqual(["a:b", "file", "linked:c"]);
    expect(String(await storage.getItemRaw("linked:c"))).toBe("y");
  });
});
