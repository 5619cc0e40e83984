import { readFileSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import type { Driver } from "unstorage";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createHost } from "../../runtimes/node.ts";
import { newMeta, openStore, storeContract } from "../contract/store.ts";
import { run, runtimes, sourceCli } from "../runtimes/runtime.ts";
import { freePort, makeCertificates, type RunningServer, startRedis } from "./servers.ts";

const { openStorage } = createHost();

const password = "pa ss/word:@?";

let server: RunningServer;
let stores = 0;
const drivers: Driver[] = [];

beforeAll(async () => {
  server = await startRedis({ password });
});

afterEach(async () => {
  for (const driver of drivers.splice(0)) await driver.dispose?.();
});

afterAll(() => server.stop());

async function open(rest: string, options: Record<string, unknown> = { options: { password } }) {
  const driver = await openStorage(`redis://127.0.0.1:${server.port}${rest}`, options);
  drivers.push(driver);
  return driver;
}

storeContract("a Redis server", () => open(`?prefix=store-${stores++}`), 3);

describe("redis:", () => {
  it("keeps bytes under names with colons, after the prefix, in the database of the path", async () => {
    const driver = await open("/2", { password, prefix: "models" });
    await driver.setItemRaw?.("iris:1.0.0:contents", Uint8Array.of(0, 255, 13, 10), {});
    const client = new Redis({ port: server.port, password, db: 2 });
    try {
      expect(await client.keys("*")).toEqual(["models:iris:1.0.0:contents"]);
      expect([...((await client.getBuffer("models:iris:1.0.0:contents")) ?? [])]).toEqual([0, 255, 13, 10]);
    } finally {
      client.disconnect();
    }
    expect(await driver.hasItem("iris:1.0.0:contents", {})).toBe(true);
    await driver.removeItem?.("iris:1.0.0:contents", {});
    expect(await driver.hasItem("iris:1.0.0:contents", {})).toBe(false);
  });

  it("lists thousands of keys once each, and of its own prefix only", async () => {
    const driver = await open("/3?prefix=a[b]*");
    const other = await open("/3?prefix=aba");
    await Promise.all(Array.from({ length: 3000 }, (_, at) => driver.setItemRaw?.(`k:${at}`, Uint8Array.of(1), {})));
    await other.setItemRaw?.("k:1", Uint8Array.of(1), {});
    expect(await driver.getKeys("k:", {})).toHaveLength(3000);
    expect(await other.getKeys("", {})).toEqual(["k:1"]);
  });

  it("takes the password from the location, too", async () => {
    const location = `redis://:${encodeURIComponent(password)}@127.0.0.1:${server.port}`;
    const driver = await openStorage(location, {});
    drivers.push(driver);
    expect(await driver.getItemRaw?.("nothing", {})).toBeNull();
  });

  it("says that a login failed, once, and shows no password", async () => {
    for (const [given, expected] of [
      [{}, /redis:\/\/127\.0\.0\.1:\d+ failed: NOAUTH/],
      [{ password: "hidden" }, /failed: WRONGPASS/],
    ] as const) {
      const driver = await open("", given);
      for (let attempt = 0; attempt < 2; attempt++) {
        const error = await Promise.resolve(driver.getItemRaw?.("a", {})).catch((error: unknown) => error);
        expect(error).toMatchObject({ message: expect.stringMatching(expected), code: "EACCES" });
        expect(JSON.stringify({ ...Object(error) })).not.toContain("hidden");
      }
    }
  });

  it("says that there is no server, does not go on trying, and finds it when it is there", async () => {
    const port = await freePort();
    const driver = await openStorage(`redis://user:hidden@127.0.0.1:${port}`, {});
    drivers.push(driver);
    const error = await Promise.resolve(driver.getItemRaw?.("a", {})).catch((error: unknown) => error);
    expect(String(error)).toMatch(/redis:\/\/127\.0\.0\.1:\d+ failed: .*ECONNREFUSED/);
    expect(String(error)).not.toContain("hidden");
  });

  it("connects again after the server was away", async () => {
    const port = await freePort();
    const driver = await openStorage(`redis://127.0.0.1:${port}`, {});
    drivers.push(driver);
    await expect(driver.getItemRaw?.("a", {})).rejects.toThrow("ECONNREFUSED");
    for (let round = 0; round < 2; round++) {
      const late = await startRedis({ port });
      try {
        await driver.setItemRaw?.("a", Uint8Array.of(1), {});
        expect(await driver.getItemRaw?.("a", {})).toEqual(Uint8Array.of(1));
      } finally {
        await late.stop();
      }
      // The first use may find the connection cut, the next one finds no server.
      await expect(driver.getItemRaw?.("a", {})).rejects.toThrow("failed");
      await expect(driver.getItemRaw?.("a", {})).rejects.toThrow("ECONNREFUSED");
    }
  });

  it("closes its connection when it is disposed of", async () => {
    const client = new Redis({ port: server.port, password });
    try {
      const connections = async () => ((await client.client("LIST")) as string).trim().split("\n").length;
      const before = await connections();
      const driver = await open("/5");
      await driver.getItemRaw?.("a", {});
      expect(await connections()).toBe(before + 1);
      await driver.dispose?.();
      await expect.poll(connections).toBe(before);
    } finally {
      client.disconnect();
    }
  });
});

describe("rediss:", () => {
  let folder: string;
  let secure: RunningServer;
  const pem = (name: string) => readFileSync(join(folder, name), "utf8");

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "launchpad-tls-"));
    makeCertificates(folder);
    secure = await startRedis({ password, certificates: folder });
  });

  afterAll(async () => {
    await secure.stop();
    await rm(folder, { recursive: true });
  });

  const options = () => ({ password, ca: pem("ca.crt"), cert: pem("client.crt"), key: pem("client.key") });
  const openSecure = async (given: Record<string, unknown>, host = "127.0.0.1") => {
    const driver = await openStorage(`rediss://${host}:${secure.port}?prefix=${stores++}`, given);
    drivers.push(driver);
    return driver;
  };

  it.each(["127.0.0.1", "localhost"])("keeps and finds models over TLS, by the name or address %s", async (host) => {
    const { store } = openStore(await openSecure(options(), host));
    const meta = await store.save(newMeta(), Uint8Array.of(1, 2, 255));
    expect(await store.load("iris", "0.0.2")).toEqual({ contents: Uint8Array.of(1, 2, 255), meta });
    expect((await store.verify()).flatMap(({ problems }) => problems)).toEqual([]);
  });

  it("says what is missing when a certificate is not trusted, and does not go on trying", async () => {
    const { ca: _, ...withoutCa } = options();
    const error = await Promise.resolve((await openSecure(withoutCa)).getItemRaw?.("a", {})).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: "EACCES",
      message: expect.stringMatching(/failed: .*\. Name who .* model_store\.ca/),
    });
    const { cert: _cert, key: _key, ...withoutOwn } = options();
    await expect((await openSecure(withoutOwn)).getItemRaw?.("a", {})).rejects.toThrow(/rediss:\/\/\S+ failed/);
    // A server without TLS.
    const plain = await openStorage(`rediss://127.0.0.1:${server.port}`, options());
    drivers.push(plain);
    await expect(plain.getItemRaw?.("a", {})).rejects.toThrow(/rediss:\/\/\S+ failed/);
  });

  it("refuses options that do not fit, and shows no key", async () => {
    const { key, cert } = options();
    for (const [location, given, message] of [
      [
        "rediss://h",
        { ca: "/etc/ca.crt" },
        /model_store\.ca: expected the text of a file in PEM .*and not its path.*ca_var/,
      ],
      ["rediss://h", { cert }, /model_store\.cert: found no key/],
      ["rediss://h", { key }, /model_store\.key: found no cert/],
      ["rediss://h", { options: { cert: key, key } }, /model_store\.cert: expected .*BEGIN CERTIFICATE/],
      ["redis://h", { cert, key }, /model_store\.cert: expected a location that starts with rediss:/],
    ] as const) {
      const error = await Promise.resolve()
        .then(() => openStorage(location, given))
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "CONFIG_INVALID", message: expect.stringMatching(message) });
      expect(String(error)).not.toContain(key.split("\n")[1]);
    }
  });

  it("fills keys and certificates in from variables, on the command line as well", async () => {
    const project = await mkdtemp(join(tmpdir(), "launchpad-tls-"));
    await cp(fileURLToPath(new URL("../cli/project", import.meta.url)), project, { recursive: true });
    await writeFile(
      join(project, "store.yml"),
      `model_store: { location: "rediss://localhost:${secure.port}/4", password_var: PASS, ca_var: CA, cert_var: CERT, key_var: KEY }\n`,
    );
    const given = options();
    const env = { PASS: password, CA: given.ca, CERT: given.cert, KEY: given.key };
    const programs = Object.entries(runtimes).filter(([name]) => name !== "Node 20");
    for (const [name, program] of programs) {
      const command = [...program, sourceCli, "-c", "launchpad.yml", "-c", "store.yml"];
      const trained = await run([...command, "train"], { cwd: project, env });
      expect(trained, `${name}: ${trained.stderr}`).toMatchObject({ code: 0 });
      const shown = await run([...command, "models", "show", "means"], { cwd: project, env });
      expect(shown.stdout).not.toContain(given.key.split("\n")[1]);
      expect(JSON.parse(shown.stdout).config_snapshot.model_store).toMatchObject({ key_var: "KEY", ca_var: "CA" });
      expect(shown.stdout + trained.stderr).not.toContain(password);
    }
    await rm(project, { recursive: true });
  }, 120_000);
});

describe("a socket of Unix", () => {
  it("takes the place of host and port", async () => {
    const folder = await mkdtemp(join(tmpdir(), "launchpad-socket-"));
    const socket = join(folder, "redis.sock");
    const local = await startRedis({ socket });
    try {
      const driver = await openStorage("redis:///3", { socket });
      drivers.push(driver);
      await driver.setItemRaw?.("a", Uint8Array.of(1), {});
      expect(await driver.getItemRaw?.("a", {})).toEqual(Uint8Array.of(1));
      const client = new Redis({ port: local.port, db: 3 });
      expect(await client.keys("*")).toEqual(["a"]);
      client.disconnect();
      const nowhere = await openStorage("redis:", { socket: `${socket}x` });
      drivers.push(nowhere);
      await expect(nowhere.getItemRaw?.("a", {})).rejects.toThrow(/redis: at \S+x failed: .*ENOENT/);
    } finally {
      await local.stop();
      await rm(folder, { recursive: true });
    }
  });
});
