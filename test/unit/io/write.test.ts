import { execFileSync } from "node:child_process";
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appendTo, writeAtomically } from "../../../runtimes/io/atomic-write.ts";
import { files } from "../../../runtimes/io/files.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const url = (name: string) => pathToFileURL(at(name));
const read = (name: string) => readFile(at(name), "utf8");
const streamOf = (...chunks: string[]) => {
  const encoder = new TextEncoder();
  return (async function* () {
    for (const chunk of chunks) yield encoder.encode(chunk);
  })();
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-write-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("what is written to", () => {
  it("keeps a link, and writes what it leads to, over several links and where nothing is yet", async () => {
    await mkdir(at("far"));
    await writeFile(at("far/real.csv"), "old");
    await symlink("far/real.csv", at("first"));
    await symlink("first", at("second"));
    await symlink("far/new.csv", at("dangling"));
    await writeAtomically(at("second"), "new");
    await writeAtomically(at("dangling"), streamOf("made ", "anew"));
    expect(await read("far/real.csv")).toBe("new");
    expect(await read("far/new.csv")).toBe("made anew");
    expect(await Promise.all(["first", "second", "dangling"].map((name) => readlink(at(name))))).toEqual([
      "far/real.csv",
      "first",
      "far/new.csv",
    ]);
    expect((await readdir(at("far"))).sort()).toEqual(["new.csv", "real.csv"]);
  });

  it("keeps mode and owner", async () => {
    await writeFile(at("a"), "old");
    await chmod(at("a"), 0o640);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) await chown(at("a"), 1234, 2345);
    await writeAtomically(at("a"), "new");
    const { mode, uid, gid } = await stat(at("a"));
    expect(mode & 0o7777).toBe(0o640);
    if (isRoot) expect([uid, gid]).toEqual([1234, 2345]);
    expect(await read("a")).toBe("new");
  });

  it("keeps the other name of a file that has two", async () => {
    await writeFile(at("a"), "old");
    await link(at("a"), at("b"));
    await writeAtomically(at("a"), "new");
    expect(await read("b")).toBe("new");
    expect((await stat(at("a"))).nlink).toBe(2);
    expect((await readdir(folder)).sort()).toEqual(["a", "b"]);
  });

  it("is still a pipe, whose reader gets all of it, also when the reader comes late", async () => {
    execFileSync("mkfifo", [at("pipe")]);
    const large = "x".repeat(300_000);
    const writing = writeAtomically(at("pipe"), streamOf("begin ", large, " end"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await read("pipe")).toBe(`begin ${large} end`);
    await writing;
    expect((await lstat(at("pipe"))).isFIFO()).toBe(true);
    expect(await readdir(folder)).toEqual(["pipe"]);
  });

  it("is still a device", async () => {
    execFileSync("mknod", [at("null"), "c", "1", "3"]);
    await symlink("null", at("link"));
    await files.write(url("null"), new TextEncoder().encode("gone"));
    await files.write(url("link"), new TextEncoder().encode("gone"), { append: true });
    expect((await lstat(at("null"))).isCharacterDevice()).toBe(true);
    expect((await lstat(at("link"))).isSymbolicLink()).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(["link", "null"]);
  });

  it("is a file that this process has open: nothing takes its place", async () => {
    const handle = await open(at("out"), "w");
    try {
      await handle.write("before ");
      await writeAtomically(`/dev/fd/${handle.fd}`, "within ");
      await handle.write("behind");
    } finally {
      await handle.close();
    }
    expect(await read("out")).toBe("before within behind");
  });

  it.each([
    ["a folder", "it is a folder", () => mkdir(at("x"))],
    ["links in a circle", "its links lead in a circle", () => symlink("x", at("x"))],
    ["a file above it", "a part of its path is", () => writeFile(at("x"), "")],
  ])("is refused with one clear message where it is %s", async (what, reason, make) => {
    await make();
    const path = what === "a file above it" ? "x/y/z.csv" : "x";
    await expect(files.write(url(path), new Uint8Array(1))).rejects.toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: expect.stringContaining(`${at(path)} cannot be written: ${reason}`),
    });
    expect(await readdir(folder)).toEqual(["x"]);
  });

  it("is refused where it is a socket", async () => {
    const server = createServer().listen(at("socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      await expect(files.write(url("socket"), new Uint8Array(1))).rejects.toThrow("it is a socket");
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe("adding to a file", () => {
  it("makes it, adds to its end, and keeps links, mode and whatever others add meanwhile", async () => {
    await symlink("far/log.csv", at("log"));
    await appendTo(at("log"), "1\n");
    await chmod(at("far/log.csv"), 0o600);
    const line = (name: string, i: number) => `${name}${i}${"-".repeat(500)}\n`;
    const lines = (name: string) => Array.from({ length: 50 }, (_, i) => line(name, i));
    await Promise.all(["a", "b", "c"].map((name) => appendTo(at("log"), streamOf(...lines(name)))));
    const found = (await read("log")).split("\n");
    expect(found.length).toBe(152);
    expect(new Set(found)).toEqual(new Set(["1", "", ...["a", "b", "c"].flatMap(lines).map((text) => text.trimEnd())]));
    expect((await stat(at("log"))).mode & 0o777).toBe(0o600);
    expect((await lstat(at("log"))).isSymbolicLink()).toBe(true);
  });

  it("takes back what it added when it cannot be finished", async () => {
    await writeFile(at("log"), "whole\n");
    const failing = (async function* () {
      yield new TextEncoder().encode("half");
      throw new Error("no more");
    })();
    await expect(appendTo(at("log"), failing)).rejects.toThrow("no more");
    expect(await read("log")).toBe("whole\n");
  });
});

describe("reading a pipe", () => {
  const text = async (stream: ReadableStream<Uint8Array>) => new Response(stream as BodyInit).text();

  it("gets all that a writer wrote who is gone by now", async () => {
    execFileSync("mkfifo", [at("pipe")]);
    const written = writeFile(at("pipe"), "a,b\n1,2\n");
    expect(await text(await files.stream(url("pipe")))).toBe("a,b\n1,2\n");
    await written;
    const again = writeFile(at("pipe"), "c");
    expect(new TextDecoder().decode(await files.read(url("pipe")))).toBe("c");
    await again;
  });

  it("is all at once: a pipe has no parts", async () => {
    execFileSync("mkfifo", [at("pipe")]);
    expect(await files.parts(url("pipe"))).toBeUndefined();
  });
});
