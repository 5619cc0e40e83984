import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openLaunchpad } from "../../runtimes/node.ts";
import { publishedCli, run, runtimes, start } from "../runtimes/runtime.ts";

const kills = 200;
const train = [...(runtimes.Node ?? []), publishedCli, "train"];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-kill-"));
  await cp(fileURLToPath(new URL("kill", import.meta.url)), folder, { recursive: true });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the store serves to a process that has just started. */
async function served(): Promise<{ round: number; whole: boolean }> {
  const launchpad = await openLaunchpad({ config: pathToFileURL(join(folder, "launchpad.yml")) });
  try {
    return (await launchpad.predict({})) as { round: number; whole: boolean };
  } finally {
    await launchpad.close();
  }
}

it(`serves the old model or the new one, whole, when trainings are killed at ${kills} instants`, async () => {
  expect((await run(train, { cwd: folder })).code).toBe(0);
  const begun = performance.now();
  await run(train, { cwd: folder });
  const whole = performance.now() - begun;

  let { round } = await served();
  const counts = { old: 0, new: 0, ended: 0 };
  for (let kill = 0; kill < kills; kill += 1) {
    const training = start(train, { cwd: folder });
    // Spread over the whole training, and past its end, so that every step of it is hit.
    const timer = setTimeout(() => training.kill("SIGKILL"), whole * 1.1 * ((kill * 0.618_034) % 1));
    const { code } = await training.finished;
    clearTimeout(timer);
    const now = await served();
    expect(now.whole).toBe(true);
    expect([round, round + 1]).toContain(now.round);
    counts[code === 0 ? "ended" : now.round === round ? "old" : "new"] += 1;
    round = now.round;
  }
  console.log(`${kills} kills: ${JSON.stringify(counts)}`);
  expect(counts.old).toBeGreaterThan(0);

  const launchpad = await openLaunchpad({ config: pathToFileURL(join(folder, "launchpad.yml")) });
  const checked = await launchpad.store.verify();
  await launchpad.close();
  expect(checked.filter(({ problems }) => problems.length > 0)).toEqual([]);
  // What a killed training leaves half written is not listed, and no file of it is in the way of the next.
  expect((await readdir(join(folder, "model_store"))).filter((name) => name !== "killed")).toEqual([]);
}, 300_000);
