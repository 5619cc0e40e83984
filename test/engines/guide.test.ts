import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { publishedCli, run, runtimes } from "../runtimes/runtime.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-guide-"));
  await cp(join(root, "examples/iris"), folder, { recursive: true });
  await mkdir(join(folder, "node_modules"));
  for (const name of ["ml-cart", "ml-matrix", "valibot"]) {
    if (existsSync(join(root, "node_modules", name)))
      await symlink(join(root, "node_modules", name), join(folder, "node_modules", name));
  }
  await symlink(root, join(folder, "node_modules/mllaunchpad"));
  await mkdir(join(folder, "bin"));
  const program = join(folder, "bin/launchpad");
  await writeFile(program, `#!/bin/sh\nexec ${[...(runtimes.Node ?? []), publishedCli].join(" ")} "$@"\n`);
  await chmod(program, 0o755);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const shell = (line: string) =>
  run(["bash", "-c", `set -o pipefail; ${line}`], {
    cwd: folder,
    env: { PATH: [join(folder, "bin"), process.env.PATH].join(delimiter) },
  });

it("does what the guide says of predictions by the million, line by line", async () => {
  const trained = await shell("launchpad train");
  expect(trained.code, trained.stderr).toBe(0);
  const page = await readFile(join(root, "docs/guide/14.batch.md"), "utf8");
  const lines = [...page.matchAll(/^```shell\n([\s\S]*?)^```/gm)].flatMap(([, text = ""]) => text.trim().split("\n"));
  expect(lines.length).toBeGreaterThan(8);
  const rows = (await readFile(join(folder, "iris_holdout.csv"), "utf8")).trimEnd().split("\n").length - 1;
  const answers = new Map<string, string>();
  // The plan of the page has three parts; the page runs two of them by hand, as examples.
  for (const line of lines) {
    if (/batch finish/.test(line)) {
      const { missing } = JSON.parse((await shell("launchpad batch status scores")).stdout);
      for (const index of missing)
        expect(await shell(`launchpad batch run scores --index ${index}`)).toMatchObject({ code: 0 });
    }
    const { code, stdout, stderr } = await shell(line);
    expect(code, `${line}\n${stderr}`).toBe(0);
    answers.set(line, stdout);
  }
  for (const [line, stdout] of answers) {
    if (/predict --from|batch finish/.test(line)) expect(JSON.parse(stdout), line).toMatchObject({ rows });
  }
  const csv = [...answers].find(([line]) => /--from-format csv/.test(line))?.[1] ?? "";
  expect(csv.trimEnd().split("\n")).toHaveLength(rows + 1);
}, 300_000);
