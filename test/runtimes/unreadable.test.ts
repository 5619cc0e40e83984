import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, run, runtimes, startApi } from "./runtime.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-"));
  await writeFile(
    join(folder, "echo.mjs"),
    "export const train = () => ({});\nexport const test = () => ({});\nexport const predict = (_, args) => ({ got: args });\n",
  );
  await writeFile(
    join(folder, "launchpad.yml"),
    'model_store: { location: ./store }\nmodel: { name: m, version: "1.0.0", module: echo.mjs }\napi: { name: m }\n',
  );
  const trained = await run([...(runtimes.Node ?? []), publishedCli, "train"], { cwd: folder });
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What clients of Fetch cannot send. */
function sendRaw(origin: string, request: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setEncoding("latin1").on("data", (text) => {
      received += text;
    });
    socket.setTimeout(5000, () => socket.destroy());
    socket.on("error", () => {});
    socket.on("close", () => resolve(received));
  });
}

const statusOf = (response: string) => Number(/^HTTP\/1\.[01] (\d+)/.exec(response)?.[1]);
const bodyOf = (response: string) => response.slice(response.indexOf("\r\n\r\n") + 4);
const get = (path: string, ...lines: string[]) =>
  `${[`GET ${path} HTTP/1.1`, ...lines, "Connection: close", "", ""].join("\r\n")}`;

const hosts = ["a b", "u:p@x", "a b/../?x", "[::1", "a\\b", "<script>"];
const paths = ["/livez", "/nothing", "/m/v1/predictions", "/metrics", "/docs"];

describe.each(Object.entries(runtimes))("requests that no client sends, on %s", (_name, program) => {
  let api: Awaited<ReturnType<typeof startApi>>;
  beforeAll(async () => {
    api = await startApi([...program, publishedCli], { cwd: folder });
  });
  afterAll(() => api.stop());

  it.each([
    ["HTTP/1.0 without Host, as load balancers send", "GET /livez HTTP/1.0\r\n\r\n"],
    ["an empty Host", get("/livez", "Host:")],
    ["a whole URL", get("http://elsewhere.example/livez", "Host: a")],
  ])("answers %s", async (_what, request) => {
    const response = await sendRaw(api.origin, request);
    expect(statusOf(response)).toBe(200);
    expect(bodyOf(response)).toBe('{"status":"ok"}');
  });

  it("reads the query and the path of a request without Host", async () => {
    const response = await sendRaw(
      api.origin,
      'POST /m/v1/predictions HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"x":"1"}',
    );
    expect(JSON.parse(bodyOf(response))).toEqual({ got: { x: "1" } });
  });

  it("answers a Host that is none with a problem, and tells nothing of what went on", async () => {
    for (const host of hosts) {
      for (const path of paths) {
        for (const request of [get(path, `Host: ${host}`), `GET ${path} HTTP/1.0\r\nHost: ${host}\r\n\r\n`]) {
          const response = await sendRaw(api.origin, request);
          expect(statusOf(response), `${host} ${path}: ${response.slice(0, 300)}`).toBe(400);
          expect(response.toLowerCase()).toContain("content-type: application/problem+json");
          expect(JSON.parse(bodyOf(response))).toMatchObject({ status: 400, code: "REQUEST_INVALID" });
          expect(response).not.toMatch(/node_modules|\.[jt]s:\d|\n\s+at |<html/);
        }
      }
    }
  });

  it("answers what is no HTTP at all with 4xx, and goes on", async () => {
    const many = "a".repeat(200_000);
    for (const request of ["GARBAGE\r\n\r\n", get("/livez", "Host: a", `X: ${many}`), get("livez", "Host: a")]) {
      const response = await sendRaw(api.origin, request);
      if (response !== "") expect(Math.floor(statusOf(response) / 100), response.slice(0, 300)).toBe(4);
      expect(response).not.toMatch(/node_modules|<html/);
    }
    expect((await fetch(`${api.origin}/livez`)).status).toBe(200);
  });
});

describe("what Node's server cannot read", () => {
  it.each([
    ["lines that are not those of HTTP", "GARBAGE\r\n\r\n", 400],
    ["no Host in HTTP/1.1", get("/livez"), 400],
    ["two of them", get("/livez", "Host: a", "Host: b"), 400],
    ["headers that are too large", get("/livez", "Host: a", `X: ${"a".repeat(20_000)}`), 431],
    ["an expectation that it does not know", get("/livez", "Host: a", "Expect: wonders"), 417],
  ])("is a problem with an id, and in the log: %s", async (_what, request, status) => {
    const api = await startApi([...(runtimes.Node ?? []), publishedCli], { cwd: folder });
    let id = "";
    try {
      const response = await sendRaw(api.origin, request);
      const problem = JSON.parse(bodyOf(response));
      expect(problem).toMatchObject({ type: "about:blank", status, code: "REQUEST_INVALID" });
      id = problem.request_id;
      expect(response.toLowerCase()).toContain(`x-request-id: ${id}`);
    } finally {
      const { stderr } = await api.stop();
      expect(stderr).toContain(`launchpad.api: a request could not be read: ${status} request_id="${id}"`);
    }
  });
});
