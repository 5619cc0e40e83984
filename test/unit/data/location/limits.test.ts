import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningWebServer, startWeb } from "../../../storage/servers.ts";
import { openSource, temporaryFile } from "../../../support/entries.ts";

const text = (path: string, entry: object = {}) => openSource({ type: "text_file", path, ...entry });
const refusal = (reading: Promise<unknown>) =>
  reading.then(
    () => expect.fail("not refused"),
    (error: Error & { code: string }) => error,
  );

let web: RunningWebServer;
let closed = 0;
beforeAll(async () => {
  web = await startWeb(async (request, response) => {
    response.on("close", () => closed++);
    if (request.url === "/metadata")
      return void response.writeHead(302, { location: "http://169.254.169.254/x" }).end();
    if (request.url === "/endless") {
      while (!response.destroyed) {
        response.write("x".repeat(65_536));
        await new Promise((resolve) => setImmediate(resolve));
      }
      return;
    }
    if (request.url === "/drip") {
      for (let sent = 0; sent < 200 && !response.destroyed; sent++) {
        response.write("x\n");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    response.end("there");
  });
});
afterAll(() => web.stop());

describe("what comes from a server", () => {
  it("is no more than `max_bytes`, and the server is let go", async () => {
    const before = closed;
    const error = await refusal((await text(`${web.origin}/endless`, { max_bytes: 1_000_000 })).text());
    expect(error.code).toBe("DATA_INVALID");
    expect(error.message).toContain("at most 1000000 bytes expected, found more");
    await expect.poll(() => closed).toBeGreaterThan(before);
  });

  it("comes within the deadline, however often a piece comes", async () => {
    const error = await refusal((await text(`${web.origin}/drip`, { deadline: 0.5, timeout: 5 })).text());
    expect(error.code).toBe("DATA_UNAVAILABLE");
    expect(error.message).toContain("not all of it came within 0.5 seconds. `deadline` beside the path waits longer");
  });

  it("has a deadline for the server, and not for the one who reads", async () => {
    const path = `${web.origin}/there`;
    const stream = await (await text(path, { deadline: 0.2 })).stream();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await new Response(stream).text()).toBe("there");
  });

  it("is not asked for at a private address by a redirect", async () => {
    const error = await refusal((await text(`${web.origin}/metadata`)).text());
    expect(error.message).toMatch(/redirects to 169\.254\.169\.254, a private address, .*`redirects: any`/);
  });
});

describe("what is decompressed", () => {
  const bomb = gzipSync(Buffer.alloc(150_000_000, "0\n"));

  it("does not grow out of all proportion", async () => {
    for (const type of ["csv", "text_file"]) {
      const source = await openSource({ type, path: temporaryFile(".gz", bomb) });
      const error = await refusal(type === "csv" ? source.frame() : source.text());
      expect(error.code).toBe("DATA_INVALID");
      expect(error.message).toMatch(
        /at most 200 times as large .*, found \d+ bytes of \d+\. If it is right, give `max_bytes`/,
      );
    }
  });

  it("does so where the entry says how large it may be, and no larger", async () => {
    const path = temporaryFile(".gz", bomb);
    expect((await (await text(path, { max_bytes: 150_000_000 })).bytes()).length).toBe(150_000_000);
    const error = await refusal((await text(path, { max_bytes: 149_999_999 })).bytes());
    expect(error.message).toContain("at most 149999999 bytes expected, found more");
  });

  it("grows as tables do", async () => {
    const rows = Array.from({ length: 300_000 }, (_, row) => `${row},${row % 7},same text in every row`).join("\n");
    const frame = await (
      await openSource({ type: "csv", path: temporaryFile(".csv.gz", gzipSync(`a,b,c\n${rows}\n`)) })
    ).frame();
    expect(frame.length).toBe(300_000);
  });
});

describe("settings of a location", () => {
  it.each([
    [{ max_bytes: 0 }, "max_bytes: a whole number of bytes above 0 expected, found 0"],
    [{ max_bytes: "much" }, 'max_bytes: a whole number of bytes above 0 expected, found "much"'],
    [{ deadline: -1 }, "deadline: a number of seconds above 0 expected, found -1"],
    [{ deadline: [1] }, "deadline: a number of seconds above 0 expected, found [1]"],
    [{ redirects: "all", path: "http://127.0.0.1/x" }, 'redirects: public or any expected, found "all"'],
  ])("are checked: %j", async (entry, message) => {
    const opening = openSource({ type: "text_file", path: temporaryFile(".txt", "x"), ...entry });
    const error = await refusal(opening.then((source) => source.text()));
    expect([error.code, error.message]).toEqual(["CONFIG_INVALID", expect.stringContaining(message)]);
  });
});
