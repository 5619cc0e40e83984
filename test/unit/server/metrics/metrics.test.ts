import parse from "parse-prometheus-text-format";
import { describe, expect, it } from "vitest";
import { LaunchpadError } from "../../../../src/errors.ts";
import { createMetrics } from "../../../../src/server/metrics/metrics.ts";
import { predictions, served } from "../../../support/served.ts";

const familiesOf = (text: string) => Object.fromEntries(parse(text).map((family) => [family.name, family]));

describe("/metrics", () => {
  it("tells what was answered, by route, method and status", async () => {
    let now = Date.UTC(2026, 0, 2);
    let elapsed = 0;
    const { ask, predict, launchpad } = await served(
      {},
      ({ how, seconds }) => {
        elapsed += Number(seconds ?? 0) * 1000;
        if (how === "throw") throw new Error("inside");
        if (how === "source") throw new LaunchpadError("DATA_UNAVAILABLE", "gone");
        return {};
      },
      { now: () => now, elapsed: () => elapsed },
    );
    now += 5000;
    for (const seconds of [0, 0.002, 0.0025, 0.3, 60]) await predict({ seconds });
    for (const how of ["throw", "throw", "source"]) await predict({ how });
    await ask(predictions, { method: "POST", body: "{", headers: { "content-type": "application/json" } });
    await ask(predictions, { method: "PROPFIND" });
    for (const path of ["/a", "/b", "/iris/v1/c?d", "/%0A%22"]) await ask(path);
    await ask("/livez", { method: "HEAD" });

    const response = await ask("/metrics");
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const text = await response.text();
    const families = familiesOf(text);
    const { run } = (await launchpad.models()).iris?.["1.2.3"] ?? {};
    const route = predictions;
    expect(families.launchpad_http_requests_total).toMatchObject({
      type: "COUNTER",
      metrics: expect.arrayContaining([
        { labels: { route, method: "POST", status: "200" }, value: "5" },
        { labels: { route, method: "POST", status: "500" }, value: "3" },
        { labels: { route, method: "POST", status: "400" }, value: "1" },
        { labels: { route, method: "other", status: "405" }, value: "1" },
        { labels: { route: "unknown", method: "GET", status: "404" }, value: "4" },
        { labels: { route: "/livez", method: "HEAD", status: "200" }, value: "1" },
      ]),
    });
    expect(families.launchpad_http_requests_total?.metrics).toHaveLength(6);

    // The parser knows no histogram with labels: it reads one series.
    const ofModel = text
      .split("\n")
      .filter((line) => line.startsWith("# ") || line.includes(`"${route}",method="POST"`));
    const histogram = familiesOf(ofModel.join("\n")).launchpad_http_request_duration_seconds;
    expect(histogram?.type).toBe("HISTOGRAM");
    expect(histogram?.metrics[0]).toMatchObject({
      buckets: { "0.001": "5", "0.0025": "7", "0.25": "7", "0.5": "8", "30": "8", "+Inf": "9" },
    });
    const labels = `{route="${route}",method="POST"}`;
    expect(ofModel).toContain(`launchpad_http_request_duration_seconds_sum${labels} 60.3045`);
    expect(ofModel).toContain(`launchpad_http_request_duration_seconds_count${labels} 9`);
    expect(families.launchpad_http_requests_in_flight?.metrics).toEqual([{ value: "1" }]);
    expect(families.launchpad_prediction_errors_total).toMatchObject({
      type: "COUNTER",
      metrics: [
        { labels: { route, code: "PREDICT_FAILED" }, value: "2" },
        { labels: { route, code: "DATA_UNAVAILABLE" }, value: "1" },
      ],
    });
    expect(families.launchpad_model_info?.metrics).toEqual([
      { labels: { name: "iris", version: "1.2.3", run }, value: "1" },
    ]);
    expect(families.launchpad_model_loaded_timestamp_seconds?.metrics).toEqual([
      { value: String(Date.UTC(2026, 0, 2) / 1000) },
    ]);
    expect(families.launchpad_build_info?.metrics[0]?.labels).toMatchObject({ runtime: "node" });
  });

  it("has no more series whatever is asked for", async () => {
    const { ask } = await served();
    const lines = async () => (await (await ask("/metrics")).text()).split("\n").length;
    await ask("/x", { method: "GET" });
    await ask("/x", { method: "BREW" });
    await lines();
    const before = await lines();
    for (let i = 0; i < 500; i++) await ask(`/path-${i}?q=${i}`, { method: i % 2 ? "GET" : `METHOD${i}` });
    expect(await lines()).toBe(before);
  });

  it("keeps to the rules of the format", async () => {
    const { ask, predict } = await served();
    await predict();
    await ask("/metrics");
    const text = await (await ask("/metrics")).text();
    expect(text.endsWith("\n")).toBe(true);
    const seen = new Set<string>();
    let family = "";
    for (const line of text.trimEnd().split("\n")) {
      const [, kind, name = ""] = /^# (HELP|TYPE) (\S+) \S/.exec(line) ?? [];
      if (kind === "HELP") {
        // All of a family stands together, once.
        expect(seen.has(name)).toBe(false);
        seen.add(name);
        family = name;
      } else if (kind === "TYPE") {
        expect(name).toBe(family);
        // What promtool asks for: counters end in _total, durations are in seconds, nothing ends in _count by itself.
        if (line.endsWith(" counter")) expect(name).toMatch(/_total$/);
        else expect(name).not.toMatch(/_(total|count|sum|bucket)$/);
        expect(name).toMatch(/^[a-z][a-z_]*[a-z]$/);
      } else {
        expect(line).toMatch(/^[a-z_]+(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)+\})? -?[0-9.e+-]+$/);
        expect(line.startsWith(family)).toBe(true);
      }
    }
    expect(seen.size).toBeGreaterThan(5);
  });

  it("escapes labels", () => {
    const model = { name: 'a "quoted"\\\nname', version: "1", run: "r", loadedAt: 1 };
    const text = createMetrics(() => model).text({ instance: 'i"' });
    expect(text).toContain(
      'launchpad_model_info{name="a \\"quoted\\"\\\\\\nname",version="1",run="r",instance="i\\""} 1\n',
    );
    expect(familiesOf(text).launchpad_model_info?.metrics).toHaveLength(1);
  });

  it("says nothing of a model before there is one", async () => {
    const { ask, predict } = await served({}, undefined, { train: false });
    expect((await predict()).status).toBe(503);
    const families = familiesOf(await (await ask("/metrics")).text());
    expect(families.launchpad_model_info).toBeUndefined();
    expect(families.launchpad_prediction_errors_total?.metrics).toEqual([
      { labels: { route: predictions, code: "MODEL_NOT_TRAINED" }, value: "1" },
    ]);
  });

  it("does not count a caller who went away as a failure of the model", async () => {
    const { ask } = await served({}, () => new Promise((resolve) => setTimeout(resolve, 10_000)));
    const client = new AbortController();
    const asked = ask(predictions, { method: "POST", signal: client.signal });
    setTimeout(() => client.abort(), 20);
    expect((await asked).status).toBe(503);
    const families = familiesOf(await (await ask("/metrics")).text());
    expect(families.launchpad_prediction_errors_total).toBeUndefined();
    expect(families.launchpad_http_requests_in_flight?.metrics).toEqual([{ value: "1" }]);
  });

  it("can be turned off", async () => {
    const { ask } = await served({ metrics: false });
    expect((await ask("/metrics")).status).toBe(404);
  });

  it("is not there by itself where isolates share nothing", async () => {
    const alone = await served({}, undefined, { isolated: true });
    expect((await alone.ask("/metrics")).status).toBe(404);
    const wanted = await served({ metrics: true }, undefined, { isolated: true });
    expect((await wanted.ask("/metrics")).status).toBe(200);
  });

  it("can be kept for those who bear a token", async () => {
    const { ask } = await served({ metrics: { token_var: "TOKEN" } }, undefined, { env: { TOKEN: "a-token" } });
    for (const authorization of [undefined, "Bearer other", "Basic a-token"]) {
      const response = await ask("/metrics", { headers: authorization === undefined ? {} : { authorization } });
      expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    }
    expect((await ask("/metrics", { headers: { authorization: "Bearer a-token" } })).status).toBe(200);
    const unset = await served({ metrics: { token_var: "TOKEN" } });
    await expect(unset.launchpad.ready()).rejects.toMatchObject({
      code: "VARIABLE_NOT_SET",
      message: expect.stringMatching(/api\.metrics\.token_var: the environment variable TOKEN is not set/),
    });
  });

  it.each([
    ["yes", /api\.metrics: found "yes", expected true or false/],
    [{ push: "metrics.example.com" }, /api\.metrics\.push: found .*, expected the URL that the numbers are sent to/],
    [{ push: "ftp://x/" }, /api\.metrics\.push: found .*, expected the URL/],
    [
      { push: "https://x/", push_interval: 60 },
      /push_interval: found the number 60, expected a number of seconds from 1 to 25/,
    ],
    [{ token: "secret" }, /api\.metrics\.token: found \*\*\*, expected none but the keys token_var, push/],
  ])("refuses %j", async (metrics, message) => {
    await expect(served({ metrics })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(message),
    });
  });
});
