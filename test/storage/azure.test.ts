import { createHmac } from "node:crypto";
import type { Driver } from "unstorage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHost } from "../../runtimes/node.ts";
import { storeContract } from "../contract/store.ts";
import { openSink, openSource } from "../support/entries.ts";
import { azureKeys, type RunningAzure, startAzure } from "./azure.ts";
import { freePort, startWeb } from "./servers.ts";

const host = createHost();
let server: RunningAzure;
let folders = 0;

beforeAll(async () => {
  server = await startAzure("models", "data");
});

afterAll(() => server.stop());

const open = (location: string, options: Record<string, unknown> = {}) =>
  Promise.resolve(host.openStorage(location, { endpoint: server.endpoint, options: azureKeys, ...options }));
const entryOf = (path: string, more: object = {}) => ({
  type: "binary_file",
  path,
  endpoint: server.endpoint,
  ...azureKeys,
  ...more,
});
const source = (path: string, more: object = {}) => openSource(entryOf(path, more), { host });
const sink = (path: string, more: object = {}) => openSink(entryOf(path, more), { host });
const bytes = (...values: number[]) => Uint8Array.from(values);
const refusal = (action: Promise<unknown>) =>
  action.then(
    (value) => expect.fail(`not refused: ${String(value)}`),
    (error: Error & { code: string }) => {
      expect(JSON.stringify([error.message, String(error.cause)])).not.toContain("hidden");
      return error;
    },
  );

/**
 * A shared access signature of the account for blobs, which expires in an hour
 * (https://learn.microsoft.com/rest/api/storageservices/create-account-sas).
 */
function sasToken(permissions: string, expires = new Date(Date.now() + 3_600_000)): string {
  const version = "2020-04-08";
  const expiry = expires.toISOString().replace(/\.\d+Z$/, "Z");
  const fields = [azureKeys.account_name, permissions, "b", "sco", "", expiry, "", "http,https", version];
  const key = Buffer.from(azureKeys.account_key, "base64");
  const signature = createHmac("sha256", key)
    .update(`${fields.join("\n")}\n`)
    .digest("base64");
  const parameters = { sv: version, ss: "b", srt: "sco", sp: permissions, se: expiry, spr: "http,https" };
  return new URLSearchParams({ ...parameters, sig: signature }).toString();
}

const bySas = (permissions: string) => ({
  options: { account_name: "devstoreaccount1", sas_token: sasToken(permissions) },
});

storeContract("a container of Azure", () => open(`az://models/store-${folders++}`), 3);
storeContract("a container of Azure by a token", () => open(`az://models/sas-${folders++}`, bySas("rwdlc")), 3);

describe("az:", () => {
  it("names blobs as a local store names files, and keeps to its prefix", async () => {
    const whole = await open("az://models");
    const part = await open("az://models/some/pre fix/");
    await part.setItemRaw?.("iris:1.0.0:current.json", bytes(1, 255), {});
    await whole.setItemRaw?.("some:pre fixed:other", bytes(3), {});
    expect(await whole.getItemRaw?.("some:pre fix:iris:1.0.0:current.json", {})).toEqual(bytes(1, 255));
    expect(await part.getKeys("", {})).toEqual(["iris:1.0.0:current.json"]);
  });

  it("keeps names that a URL or XML would read as syntax", async () => {
    const driver = await open("az://models/odd");
    const keys = ["a b", "a+b", "a%20b", "a&b", "<a>", "a?b", "a#b", "日本", "'a'(b)!*", '"', "&amp;", "~"].map(
      (key) => `k:${key}`,
    );
    for (const [index, key] of keys.entries()) await driver.setItemRaw?.(key, bytes(index), {});
    for (const [index, key] of keys.entries()) expect(await driver.getItemRaw?.(key, {}), key).toEqual(bytes(index));
    expect([...(await driver.getKeys("k:", {}))].sort()).toEqual([...keys].sort());
    for (const key of keys) await driver.removeItem?.(key, {});
    expect(await driver.getKeys("", {})).toEqual([]);
  });

  it("lists page by page", async () => {
    const driver = await open("az://models/many");
    for (let at = 0; at < 5100; at += 100) {
      await Promise.all(Array.from({ length: 100 }, (_, i) => driver.setItemRaw?.(`a:${at + i}`, bytes(1), {})));
    }
    expect(new Set(await driver.getKeys("a:", {})).size).toBe(5100);
  }, 120_000);

  it("takes what Azure shows as a connection string", async () => {
    const connection_string = `DefaultEndpointsProtocol=http;AccountName=${azureKeys.account_name};AccountKey=${azureKeys.account_key};BlobEndpoint=${server.endpoint};`;
    const driver = await host.openStorage("az://models/string", { connection_string });
    await driver.setItemRaw?.("a", bytes(7), {});
    expect(await driver.getItemRaw?.("a", {})).toEqual(bytes(7));
    expect(String(await refusal(open("az://models", { options: { connection_string: "hidden" } })))).toContain(
      "model_store.connection_string: expected AccountName=...;AccountKey=...",
    );
  });

  it("says what is wrong with an account or a container, and shows no secret", async () => {
    const read = async (driver: Driver) => refusal(Promise.resolve(driver.getItemRaw?.("a", {})));
    const wrongKey = { options: { ...azureKeys, account_key: btoa("hidden") } };
    expect(String(await read(await open("az://nowhere/x")))).toContain(
      "404 ContainerNotFound: there is no such container",
    );
    expect(String(await read(await open("az://models/x", wrongKey)))).toContain("403 AuthorizationFailure");
    expect(String(await read(await open("az://models/x", bySas("w"))))).toMatch(/403 Authorization\w+: .*token/);
    const old = { options: { sas_token: sasToken("rl", new Date(0)) } };
    expect(String(await read(await open("az://models/x", old)))).toContain("403 AuthorizationFailure");
    const port = await freePort();
    const token = { sas_token: "sv=1&sig=hidden", account_name: "a" };
    const away = await host.openStorage("az://models/x", { ...token, endpoint: `http://127.0.0.1:${port}` });
    expect(String(await read(away))).toMatch(/http:\/\/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/);
    for (const [options, message] of [
      [{ account_name: "a" }, "found no account_key and no sas_token for az://models"],
      [{ account_key: "hidden" }, "found no account_name for az://models"],
      [{ ...azureKeys, account_key: "hidden key" }, "model_store.account_key: expected a key in Base64"],
      [{ ...azureKeys, sas_token: "hidden" }, "model_store.sas_token: expected a shared access signature"],
      [{ ...azureKeys, regoin: "hidden" }, "options.regoin: expected one of account_name, account_key, sas_token"],
    ] as const) {
      expect((await refusal(open("az://models", { options }))).message).toContain(message);
    }
  });

  it("does not follow a redirect with its signature", async () => {
    const other = await startWeb((_, response) => void response.end("hidden"));
    const web = await startWeb((_, response) => void response.writeHead(302, { location: other.origin }).end());
    try {
      const driver = await open("az://models/x", { endpoint: web.origin });
      expect(String(await refusal(Promise.resolve(driver.getItemRaw?.("a", {}))))).toContain("was answered with 302");
      expect(other.requests).toEqual([]);
    } finally {
      await Promise.all([web.stop(), other.stop()]);
    }
  });
});

const mebi = 1024 * 1024;

function numbers(length: number, failsAt = Number.POSITIVE_INFINITY): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (at > failsAt) throw new Error("the stream's own");
        if (at >= length) return controller.close();
        const size = Math.min(300_000, length - at);
        controller.enqueue(Uint8Array.from({ length: size }, (_, index) => (at + index) % 251));
        at += size;
      },
    },
    { highWaterMark: 0 },
  );
}

describe("data in Azure", () => {
  it("is uploaded in blocks when it is long, and read back the same, whole and in parts", async () => {
    await (await sink("az://data/long.bin")).writeRaw(numbers(20 * mebi + 7));
    const read = await (await source("az://data/long.bin")).bytes();
    expect(read.length).toBe(20 * mebi + 7);
    expect(read.every((byte, index) => byte === index % 251)).toBe(true);
  }, 60_000);

  it("is what it was before when an upload fails", async () => {
    await (await sink("az://data/old.bin")).writeRaw("old");
    const failing = (await sink("az://data/old.bin")).writeRaw(numbers(40 * mebi, 20 * mebi));
    expect((await refusal(failing)).message).toContain("the stream's own");
    expect(await (await source("az://data/old.bin")).text()).toBe("old");
  }, 60_000);

  it("may be empty, and have a name that a URL would read as syntax", async () => {
    for (const name of ["empty", "a b.csv", "a%2Bb+c", "日本/ä.csv", "(x)'!*~", "q%3Fx%23y"]) {
      await (await sink(`az://data/odd/${name}`)).writeRaw(name === "empty" ? "" : name);
      expect(await (await source(`az://data/odd/${name}`)).text()).toBe(name === "empty" ? "" : name);
    }
  });

  it("is a table in parts", async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({ x: index, name: `n${index}` }));
    await (await sink("az://data/t.parquet", { type: "parquet" })).write(rows);
    const frame = await (await source("az://data/t.parquet", { type: "parquet" })).frame();
    expect([frame.length, frame.row(999)]).toEqual([1000, { x: 999, name: "n999" }]);
  });

  it("that is not there is one error that says what to do", async () => {
    for (const type of ["csv", "parquet"]) {
      const error = await refusal((await source("az://data/missing", { type })).frame());
      expect(error).toMatchObject({
        code: "DATA_UNAVAILABLE",
        message: `[${type}] az://data/missing: cannot be read: it does not exist: there is no such blob in the container`,
      });
    }
    const error = await refusal((await sink("az://nowhere/x")).writeRaw("x"));
    expect(error.message).toContain("cannot be written: PUT in the container nowhere at ");
  });
});
