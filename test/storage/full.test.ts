import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { publishedCli, run, runtimes } from "../runtimes/runtime.ts";

const launchpad = [...(runtimes.Node ?? []), publishedCli];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-full-"));
  await cp(fileURLToPath(new URL("kill", import.meta.url)), folder, { recursive: true });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const predict = async () => JSON.parse((await run([...launchpad, "predict"], { cwd: folder, input: "{}" })).stdout);

it("keeps the old model when there is no room for the new one, and stores the next that fits", async () => {
  expect((await run([...launchpad, "train"], { cwd: folder })).code).toBe(0);
  // The system itself refuses to let a file grow past 1 MB; the contents have 4.
  const full = await run(["bash", "-c", `ulimit -f 1000; exec ${launchpad.join(" ")} train`], { cwd: folder });
  expect(full).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/model_store.*\[STORE_UNAVAILABLE\]/s),
  });
  expect(await predict()).toEqual({ round: 1, whole: true });
  expect((await run([...launchpad, "models", "verify"], { cwd: folder })).code).toBe(0);
  expect((await run([...launchpad, "train"], { cwd: folder })).code).toBe(0);
  expect(await predict()).toEqual({ round: 2, whole: true });
});
