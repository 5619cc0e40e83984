import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHost } from "../../runtimes/node.ts";
import { createFrame } from "../../src/data/frame/frame.ts";
import { openSink, openSource } from "../support/entries.ts";
import { freePort, type RunningServer, s3Keys, startS3, startWeb } from "./servers.ts";

let server: RunningServer;
let endpoint: string;

beforeAll(async () => {
  server = await startS3("data");
  endpoint = `http://127.0.0.1:${server.port}`;
});

afterAll(() => server.stop());

const host = createHost();
const entryOf = (path: string, more: object = {}) => ({ type: "binary_file", path, endpoint, ...s3Keys, ...more });
const source = (path: string, more: object = {}) => openSource(entryOf(path, more), { host });
const sink = (path: string, more: object = {}) => openSink(entryOf(path, more), { host });
const refusal = (action: Promise<unknown>) =>
  action.then(
    (value) => expect.fail(`not refused: ${String(value)}`),
    (error: Error & { code: string }) => {
      expect(JSON.stringify([error.message, String(error.cause)])).not.toContain("hidden");
      return error;
    },
  );

const mebi = 1024 * 1024;

/** So many bytes that are all different from their neighbours, in chunks. */
function bytes(length: number, onChunk: (sent: number) => void = () => {}): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (at >= length) return controller.close();
        const size = Math.min(300_000, length - at);
        controller.enqueue(Uint8Array.from({ length: size }, (_, index) => (at + index) % 251));
        at += size;
        onChunk(at);
      },
    },
    { highWaterMark: 0 },
  );
}

describe("data in S3", () => {
  it("is read from many objects as one, by their names", async () => {
    for (const [name, text] of [
      ["t/y=1/a%20b.csv", "x\n1\n"],
      ["t/y=2/b.csv", "x\n2\n"],
      ["t/y=2/_SUCCESS", ""],
      ["tt/c.csv", "x\n9\n"],
    ] as const) {
      await (await sink(`s3://data/${name}`)).writeRaw(text);
    }
    const csv = (path: string) => source(path, { type: "csv" });
    const rows = async (path: string) => (await (await csv(path)).frame()).toJSON();
    expect(await rows("s3://data/t/")).toEqual([
      { x: 1, y: 1 },
      { x: 2, y: 2 },
    ]);
    expect(await rows("s3://data/**/c.csv")).toEqual([{ x: 9 }]);
    const error = await refusal(rows("s3://data/none/*.csv"));
    expect(error.message).toContain("[csv] s3://data/none/: at least one file expected, found no files");
    expect((await refusal(rows("s3://nobucket/*.csv"))).message).toContain("there is no such bucket");
  });

  it("is uploaded in parts when it is long, and read back the same", async () => {
    const requests: string[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = (input, init) => {
      const { method, url } = input as Request;
      requests.push(`${method} ${url.replace(/uploadId=\w+/, "uploadId=x").slice(endpoint.length)}`);
      return fetch(input, init);
    };
    try {
      await (await sink("s3://data/long.bin")).writeRaw(bytes(20 * mebi + 7));
    } finally {
      globalThis.fetch = fetch;
    }
    expect(requests).toEqual([
      "POST /data/long.bin?uploads=",
      "PUT /data/long.bin?partNumber=1&uploadId=x",
      "PUT /data/long.bin?partNumber=2&uploadId=x",
      "PUT /data/long.bin?partNumber=3&uploadId=x",
      "POST /data/long.bin?uploadId=x",
    ]);
    const read = await (await source("s3://data/long.bin")).bytes();
    expect(read.length).toBe(20 * mebi + 7);
    expect(read.every((byte, index) => byte === index % 251)).toBe(true);
  }, 120_000);

  it("of exactly one part, and of nothing, is one object as well", async () => {
    for (const length of [8 * mebi, 8 * mebi + 1, 0]) {
      await (await sink("s3://data/edge.bin")).writeRaw(bytes(length));
      expect((await (await source("s3://data/edge.bin")).bytes()).length).toBe(length);
    }
  });

  it("is what it was before when an upload fails, and nobody sees a part of it", async () => {
    const failing = () =>
      bytes(40 * mebi).pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            sent += chunk.length;
            if (sent > 20 * mebi) throw new Error("the stream's own");
            controller.enqueue(chunk);
          },
        }),
      );
    let sent = 0;
    expect((await refusal((await sink("s3://data/new.bin")).writeRaw(failing()))).message).toContain(
      "the stream's own",
    );
    await expect((await source("s3://data/new.bin")).bytes()).rejects.toThrow("it does not exist");
    await (await sink("s3://data/old.bin")).writeRaw("old");
    sent = 0;
    await refusal((await sink("s3://data/old.bin")).writeRaw(failing()));
    expect(await (await source("s3://data/old.bin")).text()).toBe("old");
  });

  it("throws away the parts of an upload that fails", async () => {
    const asked: string[] = [];
    const web = await startWeb((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      request.resume().on("end", () => {
        if (request.method === "POST" && request.url?.includes("uploads")) {
          response.end("<InitiateMultipartUploadResult><UploadId>u&amp;1</UploadId></InitiateMultipartUploadResult>");
        } else if (request.method === "POST") response.end("<Error><Code>InternalError</Code></Error>");
        else response.writeHead(200, { etag: '"e"' }).end();
      });
    });
    try {
      const writing = (await sink("s3://data/x", { endpoint: web.origin })).writeRaw(bytes(17 * mebi));
      expect((await refusal(writing)).message).toBe(
        "[binary_file] s3://data/x: cannot be written: the service could not put the parts together: InternalError",
      );
      expect(asked).toEqual([
        "POST /data/x?uploads=",
        "PUT /data/x?partNumber=1&uploadId=u%261",
        "PUT /data/x?partNumber=2&uploadId=u%261",
        "PUT /data/x?partNumber=3&uploadId=u%261",
        "POST /data/x?uploadId=u%261",
        "DELETE /data/x?uploadId=u%261",
      ]);
    } finally {
      await web.stop();
    }
  });

  it("is produced no faster than it is sent", async () => {
    let [produced, sent, ahead] = [0, 0, 0];
    const web = await startWeb((request, response) => {
      request.on("data", (chunk: Uint8Array) => {
        sent += chunk.length;
        ahead = Math.max(ahead, produced - sent);
      });
      request.on("end", () => response.writeHead(200, { etag: '"e"' }).end("<X><UploadId>u</UploadId></X>"));
    });
    try {
      const data = bytes(60 * mebi, (at) => (produced = at));
      await (await sink("s3://data/x", { endpoint: web.origin })).writeRaw(data);
      expect(produced).toBe(60 * mebi);
      // A part that is sent, one that is ready, and a chunk.
      expect(ahead).toBeLessThanOrEqual(17 * mebi);
    } finally {
      await web.stop();
    }
  });

  it("has names that a URL or XML would read as syntax", async () => {
    for (const name of ["a b.csv", "a%2Bb+c", "日本/ä.csv", "(x)'!*~", "q%3Fx%23y"]) {
      await (await sink(`s3://data/odd/${name}`)).writeRaw(name);
      expect(await (await source(`s3://data/odd/${name}`)).text()).toBe(name);
    }
  });

  it("that is not there, or not for this key, is one error that says what to do", async () => {
    const port = await freePort();
    for (const [path, more, message] of [
      ["s3://data/missing.bin", {}, /cannot be read: it does not exist: there is no such key in the bucket/],
      ["s3://nowhere/x", {}, /404 NoSuchBucket: there is no such bucket/],
      ["s3://data/x", { access_key_id: "hidden" }, /403 InvalidAccessKeyId: there is no such access key/],
      ["s3://data/x", { endpoint: `http://127.0.0.1:${port}` }, /127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/],
    ] as const) {
      for (const type of ["csv", "parquet"]) {
        const error = await refusal((await source(path, { type, ...more })).frame());
        expect(error.code).toBe("DATA_UNAVAILABLE");
        expect(error.message).toMatch(message);
        expect(error.message).toContain(`[${type}] ${path}: cannot be read: `);
      }
      if (path.includes("missing")) continue;
      const error = await refusal((await sink(path, { type: "csv", ...more })).write([{ a: 1 }]));
      expect(error).toMatchObject({ code: "DATA_UNAVAILABLE", message: expect.stringMatching(message) });
    }
  });

  it("is waited for no longer than the time limit, also when it is written", async () => {
    const silent = await startWeb(() => {});
    try {
      const more = { endpoint: silent.origin, timeout: 0.2 };
      const reading = await refusal((await source("s3://data/x", more)).bytes());
      expect(reading.message).toContain("s3://data/x: no answer within 0.2 seconds");
      const writing = await refusal((await sink("s3://data/x", more)).writeRaw("x"));
      expect(writing.message).toMatch(/cannot be written: no answer from http:.* within the time limit/);
    } finally {
      await silent.stop();
    }
  });

  it("needs keys and a key of its own, and says so before anything is read", async () => {
    for (const [path, more, message] of [
      ["s3://data", {}, "found no name of a file at its end"],
      ["s3://data/folder/", {}, "found no name of a file at its end"],
      ["s3://data/x?versionId=hidden", {}, "found parameters after the name"],
      ["s3://me:hidden@data/x", {}, "found a user name or password before the @"],
      ["s3://data/x", { access_key_id: undefined }, "found no access_key_id for s3://data"],
      ["s3://data/x", { secret_access_key: "hidden\n" }, "secret_access_key: found white space"],
      ["s3://data/x", { endpoint: "s3.example.com" }, "endpoint: expected the URL of an S3 service"],
      ["s3://data/x", { region: ["hidden"] }, "region: text expected"],
    ] as const) {
      const error = await refusal(source(path, more));
      expect(error.code, path).toBe("CONFIG_INVALID");
      expect(error.message).toContain("launchpad.yml line 3: ");
      expect(error.message).toContain(message);
    }
  });

  it("is fetched by the part, as a file is", async () => {
    const frame = createFrame({ a: [1, 2, 3], b: ["x", "y", "z"] });
    await (await sink("s3://data/x.parquet", { type: "parquet", options: { row_group_size: 1 } })).write(frame);
    const read = await source("s3://data/x.parquet", { type: "parquet", options: { columns: ["b"] } });
    expect(JSON.stringify(await read.frame())).toBe('[{"b":"x"},{"b":"y"},{"b":"z"}]');
  });
});
