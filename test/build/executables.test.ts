import { chmod, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, runtimes, start } from "../runtimes/runtime.ts";
import { createIris, type Project, root } from "./project.ts";

const query = "/iris/v0/varieties?sepal.length=4.9&sepal.width=2.4&petal.length=3.3&petal.width=1";
const [bun = ""] = runtimes.Bun ?? [];
const [deno = ""] = runtimes.Deno ?? [];

let project: Project;
/** Where nothing is but what a test puts there. */
let elsewhere: string;

beforeAll(async () => {
  project = await createIris();
  elsewhere = await mkdtemp(join(tmpdir(), "launchpad-elsewhere-"));
});

afterAll(async () => {
  await project.remove();
  await rm(elsewhere, { recursive: true, force: true });
});

describe("an executable", () => {
  it("of bun build --compile serves where nothing else is", async () => {
    const { file } = await project.build("--target", "bun");
    const compiled = await run([bun, "build", "--compile", file, "--outfile", "iris"], { cwd: project.folder });
    expect(compiled, compiled.stderr).toMatchObject({ code: 0 });
    const program = join(elsewhere, "iris");
    await rename(join(project.folder, "iris"), program);
    await chmod(program, 0o755);
    expect(await readdir(elsewhere)).toEqual(["iris"]);

    // No other program is found, and nothing of this one's environment.
    const running = start(["/usr/bin/env", "-i", program, "--port=0"], { cwd: elsewhere });
    try {
      const [, origin = ""] = await running.printed(/Serving iris 0\.0\.2 at (http:\/\/127\.0\.0\.1:\d+)\/iris\/v0/);
      const response = await fetch(origin + query);
      expect([response.status, await response.json()]).toEqual([200, { iris_variety: "Versicolor" }]);
      expect(await (await fetch(`${origin}/readyz`)).json()).toEqual({ status: "ready" });
    } finally {
      running.kill("SIGTERM");
    }
    expect(await running.finished).toMatchObject({ code: 0, stdout: "" });
    const wrong = await run([program, "--port", "no"], { cwd: elsewhere });
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toContain('port: found "no", expected a whole number from 0 to 65535');
  });

  // Deno downloads what it puts below a package, `denort`, which no package registry has. Its own program in that place makes
  // a file that does not serve, but everything before that is real: the package is read and put into it.
  it("is what deno compile begins to make: it finds in the package all that it needs", async () => {
    const { file } = await project.build("--target", "deno");
    const compiled = await run(
      [deno, "compile", "--no-prompt", "--allow-net", "--output", join(elsewhere, "iris-deno"), file],
      { cwd: project.folder, env: { DENORT_BIN: join(root, "node_modules/deno/deno") } },
    );
    expect(compiled, compiled.stderr).toMatchObject({ code: 0 });
    expect(compiled.stderr).toMatch(/Embedded Files[\s\S]*index\.mjs \(\d/);
    expect(compiled.stderr).not.toMatch(/warning|not found/i);
  });
});
