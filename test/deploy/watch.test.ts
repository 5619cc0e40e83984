import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { run } from "../runtimes/runtime.ts";
import { programAt } from "../support/programs.ts";
import { watchPython } from "../support/python.ts";

const examples = fileURLToPath(new URL("../../examples/watch/", import.meta.url));
const judge = fileURLToPath(new URL("judge_dashboard.py", import.meta.url));
const api = 'instance="a:5000",job="launchpad"';

/** Numbers of which every rule has something to say, from the tenth minute on, and nothing of the second server's. */
const series: Readonly<Record<string, string>> = {
  [`up{${api}}`]: "1x10 0x20",
  'up{instance="b:5000",job="launchpad"}': "1x30",
  [`launchpad_http_requests_total{${api},route="/p",method="POST",status="200"}`]: "0+90x30",
  [`launchpad_http_requests_total{${api},route="/p",method="POST",status="500"}`]: "0+10x30",
  'launchpad_http_requests_total{instance="b:5000",job="launchpad",route="/p",method="POST",status="500"}': "0x30",
  'launchpad_http_requests_total{instance="b:5000",job="launchpad",route="/p",method="POST",status="200"}': "0+90x30",
  [`launchpad_http_request_duration_seconds_bucket{${api},route="/p",le="1"}`]: "0+50x30",
  [`launchpad_http_request_duration_seconds_bucket{${api},route="/p",le="2.5"}`]: "0+100x30",
  [`launchpad_http_request_duration_seconds_bucket{${api},route="/p",le="+Inf"}`]: "0+100x30",
  [`launchpad_drift_alarm{${api},run="r",kind="input",field="size"}`]: "1x30",
  [`launchpad_drift_alarm{${api},run="r",kind="input",field="town"}`]: "0x30",
  [`launchpad_estimated_accuracy{${api},run="r",of="window"}`]: "0.7x30",
  [`launchpad_estimated_accuracy{${api},run="r",of="limit"}`]: "0.8x30",
  [`launchpad_log_rows_total{${api},state="dropped"}`]: "0+5x30",
  [`launchpad_variant_predictions{${api},variant="canary",run="r"}`]: "100x30",
  [`launchpad_variant_errors{${api},variant="canary",run="r"}`]: "10x30",
};

const alerts: Readonly<Record<string, string>> = {
  LaunchpadDown: "a:5000 does not answer",
  LaunchpadErrors: "10% of the requests to /p fail",
  LaunchpadSlow: "one of a hundred requests to /p takes longer than 2.47s",
  LaunchpadDrift: "input size is not what run r was trained on",
  LaunchpadEstimatedAccuracy: "run r promises an accuracy of 70% only",
  LaunchpadLogDropped: "a:5000 cannot log predictions: 75 were dropped",
  LaunchpadCanaryFails: "canary r fails in 10% of its predictions",
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-watch-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const promtool = async (...args: string[]) => {
  const found = await run([programAt("promtool"), ...args], { cwd: folder });
  expect(found, found.stdout + found.stderr).toMatchObject({ code: 0 });
  return found.stdout;
};

describe("examples/watch", () => {
  it("has rules and a configuration that Prometheus takes", async () => {
    expect(await promtool("check", "rules", join(examples, "alerts.yml"))).toContain("7 rules found");
    expect(await promtool("check", "config", join(examples, "prometheus.yml"))).toContain("SUCCESS");
  });

  it("has rules that tell of what they are for, of that alone, in words", async () => {
    const { groups } = parse(await readFile(join(examples, "alerts.yml"), "utf8"));
    const rules: readonly { alert: string; labels: object }[] = groups[0].rules;
    expect(rules.map(({ alert }) => alert)).toEqual(Object.keys(alerts));
    const labels: Readonly<Record<string, object>> = {
      LaunchpadDown: { instance: "a:5000", job: "launchpad" },
      LaunchpadErrors: { instance: "a:5000", route: "/p" },
      LaunchpadSlow: { instance: "a:5000", route: "/p" },
      LaunchpadDrift: { instance: "a:5000", run: "r", kind: "input", field: "size" },
      LaunchpadEstimatedAccuracy: { instance: "a:5000", job: "launchpad", run: "r" },
      LaunchpadLogDropped: { instance: "a:5000", job: "launchpad", state: "dropped" },
      LaunchpadCanaryFails: { instance: "a:5000", job: "launchpad", run: "r", variant: "canary" },
    };
    const tests = {
      rule_files: [join(examples, "alerts.yml")],
      evaluation_interval: "1m",
      tests: [
        {
          interval: "1m",
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          alert_rule_test: rules.map(({ alert, labels: own }) => ({
            eval_time: "25m",
            alertname: alert,
            exp_alerts: [{ exp_labels: { ...own, ...labels[alert] }, exp_annotations: { summary: alerts[alert] } }],
          })),
        },
      ],
    };
    await writeFile(join(folder, "tests.yml"), stringify(tests));
    expect(await promtool("test", "rules", "tests.yml")).toContain("SUCCESS");
  });

  it("has a dashboard of Grafana's own schema, whose queries Prometheus can read", async () => {
    const { panels } = JSON.parse(await readFile(join(examples, "dashboard.json"), "utf8"));
    const queries: readonly string[] = panels.flatMap(({ targets = [] }: { targets?: { expr: string }[] }) =>
      targets.map(({ expr }) => expr.replaceAll("$__rate_interval", "1m")),
    );
    expect(queries.length).toBeGreaterThan(8);
    const rules = queries.map((expr, at) => ({ record: `panel:${at}`, expr }));
    await writeFile(join(folder, "queries.yml"), stringify({ groups: [{ name: "panels", rules }] }));
    expect(await promtool("check", "rules", "queries.yml")).toContain(`${queries.length} rules found`);
    const judged = await run([await watchPython(), judge, join(examples, "dashboard.json")], { cwd: folder });
    expect(judged, judged.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(judged.stdout)).toEqual({ panels: panels.length, unknown: [] });
  }, 300_000);
});
