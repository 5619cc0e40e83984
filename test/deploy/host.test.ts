import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf } from "../package/blocks.ts";
import { type Registry, startRegistry } from "../package/registry.ts";
import { type Finished, type Running, run } from "../runtimes/runtime.ts";
import { createHost, type Host } from "./host.ts";

/** What only the superuser of a whole system can do. */
const onlySystem = /^(useradd|chown|systemctl|nginx) /;

let registry: Registry;
let host: Host;
let iris: Running;
let nginx: Running;
const answers: unknown[] = [];

/** The scenario of ML Launchpad's documentation, as the guide tells it, line by line. */
beforeAll(async () => {
  registry = await startRegistry();
  host = await createHost();
  const guide = (await blocksOf("examples/deploy/README.md")).filter(({ note }) => note === "host");
  for (const line of guide.flatMap(({ text }) => text.trim().split("\n"))) {
    if (onlySystem.test(line)) continue;
    if (line.startsWith("curl") && nginx === undefined) {
      await writeFile(host.at("/srv/launchpad/public/index.html"), "<h1>Models</h1>\n");
      iris = await host.startUnit("iris");
      await host.startUnit("addition");
      nginx = await host.startNginx();
    }
    const { code, stdout, stderr } = await host.run(line.replace(/^curl/, "curl -sS --fail-with-body"), registry.env);
    expect(code, `${line}\n${stderr}`).toBe(0);
    if (line.startsWith("curl")) answers.push(JSON.parse(stdout));
  }
}, 300_000);

afterAll(async () => {
  await host?.remove();
  await registry?.stop();
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** Asks nginx, or an API itself; the path stays as it is. */
function ask(path: string, options: { port?: number; method?: string; headers?: object; body?: Uint8Array } = {}) {
  const { port = host.ports.web, method = "GET", headers = {}, body } = options;
  return new Promise<Answer>((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path, method, headers: { ...headers }, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (piece) => {
          text += piece;
        });
        response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
      },
    );
    // Whoever is refused for the size of a body hears so before all of it is sent.
    sent.on("error", reject).end(body);
  });
}

const varieties = "/iris/v0/varieties?sepal.length=4.9&sepal.width=2.4&petal.length=3.3&petal.width=1";

/** Runs the job that trains a model, as cron would. */
async function cron(model: string): Promise<Finished> {
  const table = await host.read("/etc/cron.d/launchpad");
  const [, user, command = ""] =
    new RegExp(`^(?:\\S+ ){5}(\\S+) (launchpad-train ${model} .*)$`, "m").exec(table) ?? [];
  const [, path = ""] = /^PATH=(.*)$/m.exec(table) ?? [];
  expect(user).toBe("launchpad");
  const env = ["-i", `PATH=${path}`, "HOME=/", "LOGNAME=launchpad", "SHELL=/bin/sh"];
  return run(["env", ...env, "/bin/sh", "-c", command], { cwd: "/" });
}

/** Connections to an API that were closed a moment ago. */
async function closedConnections(port: number): Promise<number> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const lines = (await readFile("/proc/net/tcp", "utf8")).split("\n").map((line) => line.trim().split(/\s+/));
  return lines.filter(([, own, other, state]) => state === "06" && `${own} ${other}`.includes(`:${hex}`)).length;
}

describe("a Linux host", () => {
  it("serves two models with several workers behind nginx, as its guide says", async () => {
    expect(answers).toEqual([{ iris_variety: "Versicolor" }, { sum: 5 }, { status: "ready" }]);
    for (const port of [host.ports.iris, host.ports.addition]) {
      expect((await ask("/metrics", { port })).body).toContain("launchpad_workers 2\n");
    }
  });

  it("has pages and documents whose paths lead through nginx, and static files", async () => {
    const page = await ask("/about/iris/docs");
    const [, script = ""] = /src="(docs\/page\.js)"/.exec(page.body) ?? [];
    expect((await ask(`/about/iris/${script}`)).status).toBe(200);
    const document = new URL(`http://127.0.0.1:${host.ports.web}/about/iris/openapi.json`);
    const { servers } = JSON.parse((await ask(document.pathname)).body);
    const base = new URL(servers[0].url, document).pathname;
    const answer = await ask(varieties.replace("/iris/v0", base));
    expect([base, answer.status, answer.body]).toEqual(["/about/iris/iris/v0", 200, '{"iris_variety":"Versicolor"}']);
    expect(await ask("/")).toMatchObject({ status: 200, body: "<h1>Models</h1>\n" });
  });

  it("keeps numbers and operators' paths inside, however they are spelt", async () => {
    for (const path of [
      "/metrics",
      "/about/iris/metrics",
      "/about/addition/metrics",
      "/about/iris/%6Detrics",
      "/about/iris//metrics",
      "/about/iris/x/../metrics",
      "/about/iris/metrics/",
      "/about/iris/admin/refresh",
      "/iris/metrics",
      "/iris/../about/iris/metrics",
    ]) {
      const { status, body } = await ask(path);
      expect([path, status, body.includes("launchpad_")]).toEqual([path, 404, false]);
    }
    expect((await ask("/metrics", { port: host.ports.iris })).body).toContain("launchpad_http_requests_total");
  });

  it("refuses bodies that are larger than the API takes, and no others", async () => {
    const post = (bytes: number) =>
      ask("/add/v0/sum", {
        method: "POST",
        headers: { "content-type": "application/json", "content-length": bytes },
        body: new Uint8Array(bytes).fill(0x20),
      });
    // The API reads it, and finds that it is no JSON.
    expect(await post(9 * 1024 * 1024)).toMatchObject({
      status: 400,
      headers: { "content-type": "application/problem+json" },
    });
    const refused = await post(11 * 1024 * 1024).catch((error: Error & { code?: string }) => ({ status: error.code }));
    // A connection that nginx closes while a body still comes can break before its answer is read.
    expect([413, "EPIPE", "ECONNRESET"]).toContain(refused.status);
  });

  it("gives a request one name in both logs and in the response, and logs no query", async () => {
    const { headers } = await ask(varieties);
    const id = String(headers["x-request-id"]);
    const log = () => host.read("/var/log/nginx/launchpad.log");
    await expect.poll(log, { timeout: 30_000 }).toContain(`"GET /iris/v0/varieties" 200`);
    await expect.poll(log, { timeout: 30_000 }).toContain(` ${id}\n`);
    expect(await log()).not.toContain("sepal");
  });

  it("keeps connections between nginx and the workers", async () => {
    const before = await closedConnections(host.ports.iris);
    for (let count = 0; count < 100; count += 1) expect((await ask(varieties)).status).toBe(200);
    expect((await closedConnections(host.ports.iris)) - before).toBeLessThan(30);
  });

  it("does not train a model twice at a time", async () => {
    const lock = host.at("/srv/launchpad/iris/training.lock");
    const holding = host.start(["flock", lock, "sh", "-c", "echo locked >&2; exec sleep 300"]);
    await holding.printed(/locked/);
    expect(await host.run("launchpad-train iris")).toMatchObject({ code: 75, stdout: "" });
    // Another model is another matter.
    expect(await host.run("launchpad-train addition")).toMatchObject({ code: 0 });
    holding.kill("SIGKILL");
    await holding.finished;
    expect(await host.run("launchpad-train")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("which model?"),
    });
  });

  it("trains by cron, and serves the new model without a restart", async () => {
    const data = host.at("/srv/launchpad/iris/iris_train.csv");
    await writeFile(data, (await readFile(data, "utf8")).replaceAll("Versicolor", "Virginica"));
    const old = (await ask(varieties)).headers["x-model"];
    // What a job prints is mailed to somebody.
    expect(await cron("iris")).toMatchObject({ code: 0, stdout: "", stderr: "" });
    expect(await host.read("/var/log/launchpad/train.log")).toMatch(/"message":"trained iris 0\.0\.2/);

    const asked = () => Promise.all(Array.from({ length: 20 }, () => ask(varieties)));
    const runs = async () => [...new Set((await asked()).map(({ headers }) => headers["x-model"]))];
    await expect.poll(async () => (await runs()).includes(old), { timeout: 90_000, interval: 500 }).toBe(false);
    expect(new Set((await asked()).map(({ body }) => body))).toEqual(new Set(['{"iris_variety":"Virginica"}']));
    const { body } = await ask("/metrics", { port: host.ports.iris });
    expect(body).toContain("launchpad_workers_ended_total 0\n");
  }, 150_000);

  it("says so by mail when the training fails", async () => {
    const data = host.at("/srv/launchpad/iris/iris_train.csv");
    const good = await readFile(data, "utf8");
    await writeFile(data, "no,columns\n1,2\n");
    expect(await cron("iris")).toMatchObject({ stdout: "training iris ended with 1\n", stderr: "" });
    await writeFile(data, good);
    expect((await ask(varieties)).status).toBe(200);
  });

  it("answers on when a worker dies, and ends in peace when its unit is stopped", async () => {
    const [, pid = ""] = (await iris.printed(/worker (\d+) serves/)) ?? [];
    expect(Number(pid)).toBeGreaterThan(1);
    process.kill(Number(pid), "SIGKILL");
    await iris.printed(new RegExp(`worker ${pid} ended with SIGKILL[\\s\\S]*worker \\d+ serves`));
    for (let count = 0; count < 20; count += 1) expect((await ask(varieties)).status).toBe(200);

    // KillMode=mixed: the first process alone is told.
    const main = iris.child.pid;
    if (main === undefined) throw new Error("did not start");
    process.kill(main, "SIGTERM");
    const asked = await Promise.all(Array.from({ length: 20 }, () => ask(varieties)));
    for (const { status } of asked) expect([200, 502]).toContain(status);
    expect(await iris.finished).toMatchObject({ code: 0, signal: null });
    expect((await ask(varieties)).status).toBe(502);
    expect((await ask("/add/v0/sum?x1=1&x2=2")).body).toBe('{"sum":3}');

    nginx.kill("SIGQUIT");
    expect(await nginx.finished).toMatchObject({ code: 0 });
  });
});
