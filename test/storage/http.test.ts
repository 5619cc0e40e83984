import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHost } from "../../runtimes/node.ts";
import { fileDriver } from "../../runtimes/storage/file-driver.ts";
import type { Meta } from "../../src/store/types.ts";
import { newMeta, openStore } from "../contract/store.ts";
import { freePort, type RunningWebServer, startFiles, startWeb } from "./servers.ts";

const { openStorage } = createHost();

let folder: string;
let server: RunningWebServer;
let meta: Meta;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-"));
  const { store } = openStore(fileDriver({ folder: join(folder, "model store") }));
  await store.save(newMeta(), Uint8Array.of(1));
  meta = await store.save(newMeta(), Uint8Array.of(1, 2, 255));
  server = await startFiles(folder);
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const open = (options = {}) => Promise.resolve(openStorage(`${server.origin}/model%20store`, options));

/** Lists the folder in the file that a web server needs for that. */
async function writeIndex(text?: string): Promise<() => Promise<void>> {
  const root = join(folder, "model store");
  const files = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => `./${relative(root, join(parentPath, name))}`);
  await writeFile(join(root, "index.json"), text ?? JSON.stringify([...paths, "index.json"]));
  return () => rm(join(root, "index.json"));
}

describe("http:", () => {
  it("serves the model of a folder behind a web server, which lists nothing", async () => {
    const { store } = openStore(await open());
    expect(await store.load("iris", "0.0.2")).toEqual({ contents: Uint8Array.of(1, 2, 255), meta });
    expect(await store.load("iris", "0.0.3")).toBeUndefined();
    expect(await (await open()).hasItem("iris:0.0.2:current.json", {})).toBe(true);
    expect(await (await open()).hasItem("iris:0.0.2:nothing", {})).toBe(false);
    expect(server.requests.at(-1)).toMatchObject({ method: "HEAD", url: "/model%20store/iris/0.0.2/nothing" });
  });

  it("asks that nothing be taken from a cache on the way", async () => {
    await (await open()).getItemRaw?.("iris:0.0.2:current.json", {});
    expect(server.requests.at(-1)?.headers["cache-control"]).toBe("no-cache");
  });

  it("says what a list needs, and lists with it", async () => {
    const { store } = openStore(await open());
    await expect(store.models()).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringMatching(
        /a list needs the file index\.json in http:.*\/model%20store\/, and there is none.*launchpad models index/,
      ),
    });
    const remove = await writeIndex();
    try {
      const { iris } = await store.models();
      expect(iris?.latest).toEqual(meta);
      expect(iris?.backups).toHaveLength(1);
      expect(await (await open()).getKeys("iris:0.0.2:", {})).not.toContain("index.json");
    } finally {
      await remove();
    }
  });

  it("lists with the file that the store itself writes", async () => {
    const files = openStore(fileDriver({ folder: join(folder, "model store") })).store;
    await files.alias("iris", "stable", meta);
    const paths = await files.index();
    try {
      expect(paths).toContain(`iris/0.0.2/${meta.run}/contents`);
      expect(await files.index()).toEqual(paths);
      const { store } = openStore(await open());
      expect(await store.overview()).toEqual(await files.overview());
      expect(await store.runs()).toEqual(await files.runs());
      expect(await store.verify()).toEqual(await files.verify());
      expect(await store.aliases("iris")).toEqual(await files.aliases("iris"));
      expect(await store.export(meta)).toEqual(await files.export(meta));
      await expect(store.index()).rejects.toThrow("read-only");
    } finally {
      await rm(join(folder, "model store", "index.json"));
      await files.alias("iris", "stable", undefined);
    }
  });

  it("finds the metrics of retests with a list", async () => {
    const files = openStore(fileDriver({ folder: join(folder, "model store") })).store;
    await files.addMetrics(meta, { accuracy: 0.5 }, Date.UTC(2026, 11, 1));
    const { store } = openStore(await open());
    expect((await store.load("iris", "0.0.2"))?.meta.metrics).toEqual(meta.metrics);
    const remove = await writeIndex();
    try {
      expect((await store.load("iris", "0.0.2"))?.meta.metrics).toEqual({ accuracy: 0.5 });
    } finally {
      await remove();
    }
  });

  it("refuses a list of another form", async () => {
    for (const text of ["<html>", "{}", "[1]", "null", ""]) {
      const remove = await writeIndex(text);
      await expect((await open()).getKeys("", {}), text).rejects.toThrow("expected a JSON array of paths");
      await remove();
    }
  });

  it("is read-only", async () => {
    const { store } = openStore(await open());
    await expect(store.save(newMeta(), Uint8Array.of(1))).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringMatching(/cannot be written.*it is read-only/),
    });
    await expect((await open()).removeItem?.("iris:0.0.2:current.json", {})).rejects.toThrow("read-only");
    await expect((await open()).setItem?.("a", "b", {})).rejects.toThrow("read-only");
  });

  it("does not take an error of the server for an empty store", async () => {
    for (const status of [401, 403, 500, 503]) {
      const web = await startWeb((_, response) => void response.writeHead(status).end("secret"));
      try {
        const driver = await openStorage(`${web.origin}/m`, {});
        const expected = { message: `GET ${web.origin}/m/a was answered with ${status}`, status };
        await expect(driver.getItemRaw?.("a", {})).rejects.toMatchObject(expected);
        await expect(driver.hasItem("a", {})).rejects.toMatchObject({ status });
        await expect(driver.getKeys("", {})).rejects.toMatchObject({ status });
      } finally {
        await web.stop();
      }
    }
  });

  it("says that nobody is there, and that an answer was cut, without the secrets of the URL", async () => {
    const port = await freePort();
    const away = await openStorage(`http://user:hidden@127.0.0.1:${port}/m?sig=hidden`, {});
    const error = await Promise.resolve(away.getItemRaw?.("a", {})).catch((error: unknown) => error);
    expect(String(error)).toMatch(/http:\/\/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/);
    expect(String(error)).not.toContain("hidden");
    const web = await startWeb((_, response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write("half", () => response.destroy());
    });
    try {
      const driver = await openStorage(web.origin, {});
      await expect(driver.getItemRaw?.("a", {})).rejects.toThrow(`${web.origin} cannot be reached`);
    } finally {
      await web.stop();
    }
  });

  it("sends the parameters of the location, its password and the headers of the options", async () => {
    const web = await startWeb((_, response) => void response.end("x"));
    try {
      const host = `127.0.0.1:${web.port}`;
      await (await openStorage(`http://jane:p%C3%A4ss@${host}/m/?sig=a%2Fb`, {})).getItemRaw?.("k:ü", {});
      expect(web.requests[0]?.url).toBe("/m/k/%C3%BC?sig=a%2Fb");
      const basic = `Basic ${Buffer.from("jane:päss").toString("base64")}`;
      expect(web.requests[0]?.headers.authorization).toBe(basic);
      await (await openStorage(`http://jane:x@${host}`, { headers: { Authorization: "Bearer t" } })).getItemRaw?.(
        "k",
        {},
      );
      expect(web.requests[1]?.headers.authorization).toBe("Bearer t");
    } finally {
      await web.stop();
    }
  });
});
