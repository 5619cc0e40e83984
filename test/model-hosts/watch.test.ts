import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Running, run, runtimes, sourceCli, start } from "../runtimes/runtime.ts";
import { configText } from "./project.ts";

const cli = [...(runtimes.Node ?? []), sourceCli];

let folder = "";
let running: Running | undefined;

afterEach(async () => {
  running?.kill("SIGKILL");
  await running?.finished;
  await rm(folder, { recursive: true, force: true });
});

const put = async (path: string, text: string) => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
};

describe("launchpad api --watch", () => {
  it.each([
    [
      "Python",
      {
        "app/model.py":
          "from common.numbers import factor\ndef train(run): return 1\ndef test(m, run): return {}\ndef predict(m, args, run): return args['x'] * factor\n",
      },
      "common/numbers.py",
      (factor: number) => `factor = ${factor}\n`,
    ],
    [
      "R",
      {
        "app/model.R":
          "source('helpers/numbers.R')\ntrain <- function(run) 1\ntest <- function(m, run) list()\npredict <- function(m, args, run) args$x * factor\n",
      },
      "app/helpers/numbers.R",
      (factor: number) => `factor <- ${factor}\n`,
    ],
  ])("follows a file that the model in %s takes from another folder", async (_, files, other, text) => {
    folder = await mkdtemp(join(tmpdir(), "hosted-watch-"));
    await put("launchpad.yml", configText("module: app/model, pickle: allow"));
    for (const [path, code] of Object.entries(files)) await put(path, code as string);
    await put(other, text(2));
    const trained = await run([...cli, "train"], { cwd: folder });
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
    running = start([...cli, "api", "--port", "0", "--watch"], { cwd: folder });
    const [, origin = ""] = await running.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)[\s\S]*?Watching its files/);
    const ask = async () =>
      (
        await fetch(`${origin}/m/v1/predictions`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ x: 3 }),
        })
      ).json();
    expect(await ask()).toBe(6);
    await put(other, text(5));
    await expect.poll(ask, { timeout: 30_000 }).toBe(15);
  });
});
