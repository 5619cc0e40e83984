import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../../../../runtimes/process/run-command.ts";
import { createFrame, defineModel, type Launchpad } from "../../../../src/index.ts";
import { testHost } from "../../../support/host.ts";
import { project } from "../../../support/project.ts";

const model = defineModel({
  input: v.object({ size: v.number(), colour: v.string() }),
  train({ profile }) {
    profile(
      createFrame({
        size: Array.from({ length: 1000 }, (_, row) => row / 1000),
        colour: Array.from({ length: 1000 }, (_, row) => (row % 3 === 0 ? "red" : "blue")),
      }),
    );
    return {};
  },
  test: () => ({}),
  predict: (_, { size }) => ({ large: size > 0.5, probabilities: { small: 1 - size, large: size } }),
});

/** A receiver of webhooks that fails as often as it is told to. */
const received: unknown[] = [];
let failures = 0;
const server = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  if (failures > 0) {
    failures -= 1;
    response.writeHead(503).end();
    return;
  }
  received.push(JSON.parse(body));
  response.end();
});
let url = "";
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-drift-"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

let time = Date.parse("2026-01-01T00:00:00Z");
const hour = 3_600_000;

async function open(drift: object, host = testHost({ now: () => time, run: runCommand, env: { HOOK: url } })) {
  const { launchpad } = project(model, { api: { name: "sizes" }, drift }, host);
  await launchpad.train();
  return { launchpad, host };
}

const tasks: Promise<unknown>[] = [];

async function ask(launchpad: Launchpad, count: number, of: (row: number) => object): Promise<void> {
  for (let row = 0; row < count; row += 1) {
    const request = new Request("http://x/sizes/v1/predictions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(of(row)),
    });
    const response = await launchpad.fetch(request, { waitUntil: (task: Promise<unknown>) => tasks.push(task) });
    expect(response.status).toBe(200);
  }
}

const usual = (row: number) => ({ size: ((row * 37) % 200) / 200, colour: row % 3 === 0 ? "red" : "blue" });
const shifted = (row: number) => ({ size: 0.7 + ((row * 37) % 200) / 700, colour: "green" });

const json = async (launchpad: Launchpad, path: string) =>
  JSON.parse(await (await launchpad.fetch(new Request(`http://x${path}`))).text());

describe("a server that watches for drift", () => {
  it("compares each window with the training, and tells of what has drifted", async () => {
    const command = join(folder, "alarm.sh");
    await writeFile(command, `cat > '${join(folder, "alarm.json")}'\n`);
    const { launchpad, host } = await open({ window: "1h", alert: { webhook_var: "HOOK", command: ["sh", command] } });
    await ask(launchpad, 200, usual);
    time += hour;
    await ask(launchpad, 200, shifted);
    time += hour;
    failures = 1;
    await ask(launchpad, 1, usual);
    await Promise.all(tasks.splice(0));

    const { windows } = await json(launchpad, "/drift");
    expect(windows.map(({ start, ended, report }: never) => [start, ended, (report as { rows: number }).rows])).toEqual(
      [
        ["2026-01-01T00:00:00.000Z", true, 200],
        ["2026-01-01T01:00:00.000Z", true, 200],
        ["2026-01-01T02:00:00.000Z", false, 1],
      ],
    );
    expect(windows[0].report.drifted).toEqual([]);
    expect(windows[1].report.drifted).toEqual(expect.arrayContaining(["size", "colour", "output large"]));
    expect(windows[1].report.inputs.colour.drifted).toContain("new_values");
    expect(windows[0].report.performance.estimated.accuracy).toBeCloseTo(0.75, 2);

    // The first attempt was refused.
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ kind: "drift", model: "sum", windows_in_a_row: 1, start: windows[1].start });
    expect(JSON.parse(await readFile(join(folder, "alarm.json"), "utf8"))).toEqual(received[0]);
    expect(host.records.filter(({ name }) => name === "launchpad.drift").map(({ message }) => message)).toEqual([
      expect.stringContaining("drift of size, colour"),
      expect.stringContaining("answered 503"),
    ]);

    const text = await (await launchpad.fetch(new Request("http://x/metrics"))).text();
    expect(text).toMatch(/launchpad_drift\{.*kind="input",field="size",measure="psi"\} [\d.]+/);
    expect(text).toMatch(/launchpad_drift_alarm\{.*field="colour"\} 1/);
    expect(text).toMatch(/launchpad_estimated_accuracy\{.*of="window"\} 0\.8/);
    await launchpad.close();
  });

  it("tells less and less often while it goes on, and anew when it comes back", async () => {
    received.length = 0;
    const { launchpad } = await open({ window: 3600, alert: { webhook: url } });
    const kinds = [shifted, shifted, shifted, shifted, shifted, usual, shifted, usual];
    const told: number[] = [];
    for (const kind of kinds) {
      await ask(launchpad, 100, kind);
      await Promise.all(tasks.splice(0));
      told.push(received.length);
      time += hour;
    }
    // Each window is told of when the next one begins.
    expect(told).toEqual([0, 1, 2, 2, 3, 3, 3, 4]);
    await launchpad.close();
  }, 20_000);

  it("raises no alarm for a handful of predictions, and waits for several windows if it is told to", async () => {
    received.length = 0;
    const { launchpad } = await open({ window: 3600, min_rows: 50, alert: { webhook: url, after: 2 } });
    for (const count of [20, 100, 100, 1]) {
      await ask(launchpad, count, shifted);
      await Promise.all(tasks.splice(0));
      time += hour;
    }
    expect(received).toEqual([expect.objectContaining({ windows_in_a_row: 2 })]);
    await launchpad.close();
  });

  it("has nothing of it unless the configuration wants it", async () => {
    const { launchpad } = project(model, { api: { name: "sizes" } });
    await launchpad.train();
    expect((await launchpad.fetch(new Request("http://x/drift"))).status).toBe(404);
    await ask(launchpad, 1, usual);
    await launchpad.close();
  });

  it("refuses what it cannot do, by name", async () => {
    const without = project(model, { api: { name: "sizes" }, drift: { alert: { command: ["x"] } } });
    await expect(without.launchpad.ready()).rejects.toThrow(
      /drift\.alert\.command: found a command, expected a webhook/,
    );
    const unset = project(model, { api: { name: "sizes" }, drift: { alert: { webhook_var: "HOOK" } } });
    await expect(unset.launchpad.ready()).rejects.toThrow(/HOOK is not set/);
    const wrong = (drift: object) => () => project(model, { drift });
    expect(wrong({ window: "soon" })).toThrow(/expected a time from 1 s/);
    expect(wrong({ alpha: 1 })).toThrow(/expected a probability/);
    expect(wrong({ alert: { after: 2 } })).toThrow(/expected webhook or command/);
    expect(wrong({ windw: 3 })).toThrow(/Did you mean window/);
  });
});
