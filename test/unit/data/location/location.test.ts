import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, type RunningWebServer, startWeb } from "../../../storage/servers.ts";
import { folder, openSink, openSource, temporaryFile } from "../../../support/entries.ts";
import { type TestHost, testHost } from "../../../support/host.ts";

const text = (path: string, entry: object = {}) => openSource({ type: "text_file", path, ...entry });
const refusal = (reading: Promise<unknown>) =>
  reading.then(
    (value) => expect.fail(`not refused: ${String(value)}`),
    (error: Error & { code: string }) => error,
  );

let web: RunningWebServer;
/** What the server answers to a path. */
const answers: Record<string, { status?: number; headers?: Record<string, string>; body?: string | Uint8Array }> = {
  "/plain": { body: "plain" },
  "/zipped": { headers: { "content-type": "application/gzip" }, body: gzipSync("by its media type") },
  "/encoded.csv.gz": { headers: { "content-encoding": "gzip" }, body: gzipSync("undone once") },
  "/both.csv.gz": {
    headers: { "content-encoding": "gzip", "content-type": "application/x-gzip" },
    body: gzipSync(gzipSync("undone twice")),
  },
  "/moved": { status: 302, headers: { location: "/plain" } },
  "/loop": { status: 307, headers: { location: "/loop" } },
  "/to-file": { status: 301, headers: { location: "file:///etc/passwd" } },
  "/to-data": { status: 302, headers: { location: "data:text/plain,x" } },
  "/to-nowhere": { status: 302, headers: {} },
  "/401": { status: 401 },
  "/403": { status: 403 },
  "/404": { status: 404 },
  "/500": { status: 500 },
};

beforeAll(async () => {
  web = await startWeb((request, response) => {
    const { status = 200, headers = {}, body } = answers[(request.url ?? "").replace(/\?.*/, "")] ?? { status: 404 };
    response.writeHead(status, headers).end(body);
  });
});

afterAll(() => web.stop());

describe("gzip", () => {
  it("is undone by the name of a file", async () => {
    const path = temporaryFile(".txt.gz", gzipSync("Ähre 🌾".repeat(50_000)));
    expect(await (await text(path)).text()).toBe("Ähre 🌾".repeat(50_000));
    expect(await (await text(temporaryFile(".GZ", gzipSync("")))).text()).toBe("");
  });

  it("is undone by what a server says, and not twice", async () => {
    expect(await (await text(`${web.origin}/zipped`)).text()).toBe("by its media type");
    expect(await (await text(`${web.origin}/encoded.csv.gz`)).text()).toBe("undone once");
    expect(await (await text(`${web.origin}/both.csv.gz`)).text()).toBe("undone twice");
  });

  it("is undone or left as the entry says", async () => {
    const path = temporaryFile(".txt", gzipSync("told"));
    expect(await (await text(path, { compression: "gzip" })).text()).toBe("told");
    const zipped = temporaryFile(".gz", "as it is");
    expect(await (await text(zipped, { compression: "none" })).text()).toBe("as it is");
  });

  it("is done by a sink", async () => {
    const path = temporaryFile(".csv.gz");
    await (await openSink({ type: "csv", path })).write([{ a: 1 }, { a: 2 }]);
    expect(gunzipSync(readFileSync(path)).toString()).toBe("a\n1\n2\n");
    const other = temporaryFile(".bin");
    await (await openSink({ type: "binary_file", path: other, compression: "gzip" })).writeRaw("x");
    expect(gunzipSync(readFileSync(other)).toString()).toBe("x");
  });

  it("is an error where it should be and is not, is damaged, or is cut off", async () => {
    const whole = gzipSync("0123456789".repeat(10_000));
    const damaged = Uint8Array.from(whole).fill(0xff, 20, 40);
    for (const [contents, found] of [
      ["no gzip", "found other bytes"],
      ["", "found an empty file"],
      [whole.subarray(0, -10), "found damaged bytes, or not all of them"],
      [damaged, "found damaged bytes, or not all of them"],
    ] as const) {
      const path = temporaryFile(".txt.gz", contents);
      const error = await refusal((await text(path)).text());
      expect(error.code).toBe("DATA_INVALID");
      expect(error.message).toContain(`${path}: a file compressed with gzip expected, ${found}`);
      expect(error.message).toContain("`compression: none`");
    }
  });
});

describe("a file", () => {
  it("that is missing, is a folder, or is below a file, is one error", async () => {
    const file = temporaryFile(".txt", "x");
    for (const [path, found] of [
      [join(folder, "missing.txt"), "it does not exist"],
      [folder, "it is a folder"],
      [join(file, "below.txt"), "a part of its path is not a folder"],
    ] as const) {
      for (const type of ["text_file", "csv", "jsonl", "parquet"]) {
        const source = await openSource({ type, path });
        const error = await refusal(type === "text_file" ? source.text() : source.frame());
        const message = `[${type}] ${path}: ${path} cannot be read: ${found}`;
        expect(error).toMatchObject({ code: "DATA_UNAVAILABLE", message });
      }
    }
    const sink = await openSink({ type: "text_file", path: join(file, "below.txt") });
    expect((await refusal(sink.writeRaw("x"))).message).toMatch(/^\[text_file\] .*cannot be written: /);
  });

  it("may be above the project", async () => {
    mkdirSync(join(folder, "project"), { recursive: true });
    const path = temporaryFile(".txt", "above");
    expect(await (await text(join(folder, "project", "..", path.slice(folder.length)))).text()).toBe("above");
  });

  it("that is no UTF-8 is an error of its text only", async () => {
    const path = temporaryFile(".txt", Uint8Array.of(0x61, 0xff));
    const source = await text(path);
    const error = await refusal(source.text());
    expect(error).toMatchObject({ code: "DATA_INVALID", message: expect.stringContaining("UTF-8 expected") });
    expect(await source.bytes()).toEqual(Uint8Array.of(0x61, 0xff));
  });

  it("is replaced when it is whole, and nothing is left of what failed", async () => {
    const path = join(folder, "whole", "new", "x.txt");
    const sink = await openSink({ type: "text_file", path });
    await sink.writeRaw("old");
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(1_000_000)),
      pull: () => Promise.reject(new Error("broken")),
    });
    await refusal(sink.writeRaw(broken));
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(join(folder, "whole", "new"))).toEqual(["x.txt"]);
  });
});

describe("a web server", () => {
  it("is followed to where it redirects", async () => {
    expect(await (await text(`${web.origin}/moved`)).text()).toBe("plain");
  });

  it("is not followed to another scheme, nor for ever", async () => {
    for (const [path, found] of [
      ["/to-file", "redirects to file:, which is refused"],
      ["/to-data", "redirects to data:, which is refused"],
      ["/to-nowhere", "answered 302 without saying where to"],
      ["/loop", "more than 10 redirects"],
    ] as const) {
      const error = await refusal((await text(web.origin + path)).text());
      expect(error.code).toBe("DATA_UNAVAILABLE");
      expect(error.message).toContain(`[text_file] ${web.origin}${path}: cannot be read: `);
      expect(error.message).toContain(found);
    }
  });

  it("gets the credentials that are its own, and another server does not", async () => {
    const other = await startWeb((_, response) => void response.end("other"));
    answers["/away"] = { status: 302, headers: { location: `${other.origin}/x` } };
    answers["/here"] = { status: 302, headers: { location: "/plain" } };
    try {
      const host = `jane:p%C3%A4ss@127.0.0.1:${web.port}`;
      const basic = `Basic ${Buffer.from("jane:päss").toString("base64")}`;
      expect(await (await text(`http://${host}/here`)).text()).toBe("plain");
      expect(web.requests.at(-1)?.headers.authorization).toBe(basic);
      expect(await (await text(`http://${host}/away`)).text()).toBe("other");
      expect(other.requests.at(-1)?.headers.authorization).toBeUndefined();
      const headers = { authorization: "Bearer t", "x-own": "1" };
      expect(await (await text(`${web.origin}/away`, { headers })).text()).toBe("other");
      expect(web.requests.at(-1)?.headers).toMatchObject(headers);
      expect(other.requests.at(-1)?.headers).not.toHaveProperty("authorization");
      expect(other.requests.at(-1)?.headers).not.toHaveProperty("x-own");
    } finally {
      await other.stop();
    }
  });

  it("is not followed from https to http with credentials", async () => {
    const { fetch } = globalThis;
    // No certificate that a runtime would trust can be made here.
    globalThis.fetch = async (request) =>
      String(request).startsWith("https:")
        ? new Response(null, { status: 302, headers: { location: `${web.origin}/plain` } })
        : fetch(request);
    try {
      const error = await refusal((await text("https://jane:hidden@localhost/x")).text());
      expect(error.message).toMatch(/redirects from https: to http:.*refused with credentials/);
      expect(error.message).not.toContain("hidden");
      expect(await (await text("https://localhost/x")).text()).toBe("plain");
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it("that refuses says what to do", async () => {
    for (const [status, remedy] of [
      [401, "give a user name and password"],
      [403, "check the user name and password"],
      [404, "there is no such file"],
      [500, "the server answered 500"],
    ] as const) {
      for (const type of ["text_file", "parquet"]) {
        const source = await openSource({ type, path: `${web.origin}/${status}?sig=hidden` });
        const error = await refusal(type === "parquet" ? source.frame() : source.text());
        expect(error).toMatchObject({ code: "DATA_UNAVAILABLE", message: expect.stringContaining(remedy) });
        expect(error.message).toContain(`[${type}] ${web.origin}/${status}: cannot be read`);
        expect(error.message).not.toContain("hidden");
      }
    }
  });

  it("that nobody answers for is one error without secrets", async () => {
    const port = await freePort();
    const error = await refusal((await text(`http://jane:hidden@127.0.0.1:${port}/x?sig=hidden`)).text());
    expect(error.code).toBe("DATA_UNAVAILABLE");
    expect(error.message).toMatch(/cannot be read: http:\/\/127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED/);
    expect(JSON.stringify([error.message, String(error.cause), error.stack])).not.toContain("hidden");
  });

  it("is waited for no longer than the time limit, for its answer and for every piece of it", async () => {
    const slow = await startWeb((request, response) => {
      if (request.url === "/never") return;
      response.writeHead(200);
      response.write(request.url === "/half" ? "half" : "");
      response.flushHeaders();
    });
    try {
      for (const path of ["/never", "/empty", "/half"]) {
        const started = Date.now();
        const error = await refusal((await text(slow.origin + path, { timeout: 0.2 })).text());
        expect(Date.now() - started).toBeLessThan(20_000);
        expect(error).toMatchObject({
          code: "DATA_UNAVAILABLE",
          message: `[text_file] ${slow.origin}${path}: no answer within 0.2 seconds. Is the server reachable? \`timeout\` waits longer`,
        });
      }
      const abort = new AbortController();
      const source = await openSource({ type: "text_file", path: `${slow.origin}/half` }, { signal: abort.signal });
      const reading = source.text();
      setTimeout(() => abort.abort(), 50);
      expect((await refusal(reading)).code).toBe("ABORTED");
    } finally {
      await slow.stop();
    }
  });

  it("that breaks off in the middle is one error", async () => {
    const broken = await startWeb((_, response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write("a,b\n1,2\n", () => response.destroy());
    });
    try {
      for (const type of ["csv", "jsonl", "text_file"]) {
        const source = await openSource({ type, path: `${broken.origin}/x` });
        const error = await refusal(type === "text_file" ? source.text() : source.frame());
        const expected = type === "jsonl" ? /DATA_(UNAVAILABLE|INVALID)/ : /DATA_UNAVAILABLE/;
        expect(error.code).toMatch(expected);
        expect(error.message).toContain(`[${type}] ${broken.origin}/x`);
      }
    } finally {
      await broken.stop();
    }
  });

  it("is read-only", async () => {
    const sink = await openSink({ type: "csv", path: `${web.origin}/plain` });
    const error = await refusal(sink.write([{ a: 1 }]));
    expect(error).toMatchObject({ code: "DATA_UNAVAILABLE", message: expect.stringContaining("read-only") });
  });
});

describe("a path", () => {
  it("of a scheme that nothing serves is refused with those there are", async () => {
    const error = await refusal(text("ftp://jane:hidden@host/x"));
    expect(error).toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: "[text_file] ftp://host/x: nothing serves ftp: on node; served are file:, http:, https:",
    });
    expect((await refusal(text("constructor:x"))).message).toContain("nothing serves constructor:");
  });

  it("may be of a scheme that the host serves", async () => {
    const host: TestHost = {
      ...testHost(),
      places: { "own:": (url) => ({ stream: async () => ({ bytes: new Response(url.href).body as never }) }) },
    };
    const source = await openSource({ type: "text_file", path: "own:thing" }, { host });
    expect(await source.text()).toBe("own:thing");
    const sink = await openSink({ type: "text_file", path: "own:thing" }, { host });
    expect((await refusal(sink.writeRaw("x"))).message).toContain("[text_file] own:thing: cannot be written: ");
  });

  it("has settings that are checked", async () => {
    const path = temporaryFile(".txt", "x");
    for (const [entry, found] of [
      [{ timeout: 0 }, "timeout: a number of seconds above 0 expected, found 0"],
      [{ timeout: "soon" }, 'timeout: a number of seconds above 0 expected, found "soon"'],
      [{ compression: "gz" }, 'compression: found "gz"; did you mean "gzip"?'],
      [{ path: `${web.origin}/x`, headers: { "a b": "hidden" } }, "headers: a section from names of HTTP headers"],
      [{ path: `${web.origin}/x`, headers: "hidden" }, "headers: a section from names of HTTP headers"],
      [{ options: { encoding: "latin1" } }, 'unknown option "encoding"; there are none'],
    ] as const) {
      const error = await refusal(text(path, entry));
      expect(error.code).toBe("CONFIG_INVALID");
      expect(error.message).toContain(`launchpad.yml line 3: ${found}`.replace(": unknown", ": options: unknown"));
      expect(error.message).not.toContain("hidden");
    }
  });
});
