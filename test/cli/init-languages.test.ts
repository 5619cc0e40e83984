import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, type RunOptions, run, runtimes, startApi } from "../runtimes/runtime.ts";
import { exportingPython } from "../support/python.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const node = [...(runtimes.Node ?? []), publishedCli];
/** How the unit test of a project is run. */
const testers: Record<string, readonly string[]> = {
  Node: [...(runtimes.Node ?? []), "--test"],
  Bun: [...(runtimes.Bun ?? []), "test"],
  Deno: [...(runtimes.Deno ?? []).slice(0, 1), "test", "-A", "--no-check"],
};

let folder: string;
let python: string;

beforeAll(async () => {
  python = await exportingPython();
  folder = await mkdtemp(join(tmpdir(), "launchpad-init-languages-"));
  const [train = "", holdout = ""] = await Promise.all(
    ["iris_train.csv", "iris_holdout.csv"].map((file) => readFile(join(root, "examples/iris", file), "utf8")),
  );
  await writeFile(join(folder, "iris.csv"), train.trimEnd() + holdout.slice(holdout.indexOf("\n")));
  await writeFile(join(folder, "houses.csv"), houses);
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Houses with text, flags, dates and missing values, a column without any, and names that need quotes. */
const houses = ['"größe, ""in"" m²";heizung;garten;tag;leer;preis']
  .concat(
    Array.from({ length: 90 }, (_, i) => {
      const size = 40 + ((i * 37) % 160);
      const heating = ["gas", "holz", ""][i % 3];
      const garden = ["true", "false", ""][((i * 7) % 11) % 3];
      const price = size * 3000 + (heating === "holz" ? 20_000 : 0) + (garden === "true" ? 15_000 : 0) + (i % 5) * 1000;
      return `${size},5;${heating};${garden};2024-01-${10 + (i % 20)};;${price}`;
    }),
  )
  .join("\n");
const house = { 'größe, "in" m²': 100.5, heizung: "gas", garten: true, tag: "2024-01-15" };

/** Makes a project, and does what `npm install` and `pip install` would do. */
async function make(name: string, ...args: string[]): Promise<string> {
  const made = await run([...node, "init", name, ...args], { cwd: folder });
  expect(made, made.stderr).toMatchObject({ code: 0, stdout: "" });
  const project = join(folder, name);
  await mkdir(join(project, "node_modules"));
  await symlink(root, join(project, "node_modules/mllaunchpad"));
  await symlink(dirname(dirname(python)), join(project, ".venv"));
  return project;
}

async function json(command: readonly string[], options: RunOptions): Promise<unknown> {
  const done = await run(command, options);
  expect(done, done.stderr).toMatchObject({ code: 0 });
  expect(done.stderr).not.toMatch(/ (WARNING|ERROR) /);
  return JSON.parse(done.stdout);
}

describe.each([
  ["python", "model.py"],
  ["r", "model.R"],
])("launchpad init --language %s", (language, model) => {
  it.each(["Node", "Bun", "Deno"])(
    "makes a minimal project that is trained, served and tested, on %s",
    async (name) => {
      const runtime = name.toLowerCase();
      const project = await make(
        `small-${language}-${runtime}`,
        ...["--template", "minimal", "--language", language, "--runtime", runtime],
      );
      expect((await readdir(project)).filter((file) => /\.(ts|py|R)$|tsconfig/.test(file))).toEqual([model]);
      const command = [...(runtimes[name] ?? []), publishedCli];
      expect(await json([...command, "train"], { cwd: project })).toEqual({ factor: 2 });
      const api = await startApi(command, { cwd: project });
      try {
        const answer = await fetch(`${api.origin}/small-${language}-${runtime}/v0/predictions`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: '{"x": 4}',
        });
        expect([answer.status, await answer.json()]).toEqual([200, { y: 8 }]);
      } finally {
        await api.stop();
      }
      const tested = await run(testers[name] ?? [], { cwd: project });
      expect(tested.code, tested.stdout + tested.stderr).toBe(0);
      expect(tested.stdout + tested.stderr).toMatch(/pass 1\b|1 pass\b|1 passed/);
    },
  );

  it("makes a project that classifies a user's table at once", async () => {
    const project = await make(`flowers-${language}`, "--data", "iris.csv", "--language", language);
    const metrics = (await json([...node, "train"], { cwd: project })) as Record<string, number>;
    expect(metrics).toMatchObject({ rows: 30 });
    expect(metrics.accuracy).toBeGreaterThan(0.9);
    expect(metrics.accuracy_of_usual).toBeLessThan(0.5);
    const api = await startApi(node, { cwd: project });
    try {
      const ask = (args: Record<string, string>) =>
        fetch(`${api.origin}/flowers-${language}/v0/predictions?${new URLSearchParams(args)}`);
      const flower = { "sepal.length": "5", "sepal.width": "3.4", "petal.length": "5.8", "petal.width": "2.2" };
      expect(await (await ask(flower)).json()).toEqual({ variety: "Virginica" });
      expect(await (await ask({ ...flower, "petal.length": "1.5", "petal.width": "0.2" })).json()).toEqual({
        variety: "Setosa",
      });
      expect((await ask({ "sepal.length": "5" })).status).toBe(400);
    } finally {
      await api.stop();
    }
    const tested = await run(testers.Node ?? [], { cwd: project });
    expect(tested.code, tested.stdout + tested.stderr).toBe(0);
    expect(tested.stdout).toMatch(/pass 2\b/);
    const built = await run([...node, "build", "--target", "node"], { cwd: project });
    expect(built).toMatchObject({ code: expect.any(Number), stdout: "" });
    expect(built.code).not.toBe(0);
    expect(built.stderr).toMatch(
      language === "python" ? /without Python, found one in Python.*export: skops/s : /without R, found one in R/,
    );
  });

  it("makes a project of a regression with texts, flags, dates and missing values at once", async () => {
    const name = `prices-${language}`;
    const project = await make(name, "--data", "houses.csv", "--target", "preis", "--language", language);
    const metrics = (await json([...node, "train"], { cwd: project })) as Record<string, number>;
    expect(metrics.r2).toBeGreaterThan(0.8);
    expect(metrics.mae).toBeLessThan((metrics.mae_of_usual ?? 0) / 2);
    const api = await startApi(node, { cwd: project });
    try {
      for (const [args, status] of [
        [house, 200],
        [{ ...house, garten: undefined, heizung: undefined }, 200],
        [{ ...house, heizung: "kohle" }, 400],
      ] as const) {
        const answer = await fetch(`${api.origin}/${name}/v0/predictions`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(args),
        });
        expect(answer.status).toBe(status);
        if (status === 200) expect(Math.abs((await answer.json()).preis - 318_500)).toBeLessThan(50_000);
      }
    } finally {
      await api.stop();
    }
  });
});

describe("launchpad init", () => {
  it("makes a project in Python that is built without Python when its line for it is taken", async () => {
    const project = await make("edge", "--data", "iris.csv", "--language", "python");
    const config = await readFile(join(project, "launchpad.yml"), "utf8");
    expect(config).toContain("  # export: skops");
    await writeFile(join(project, "launchpad.yml"), config.replace("# export: skops", "export: skops"));
    await json([...node, "train"], { cwd: project });
    const built = await run([...node, "build", "--target", "node"], { cwd: project });
    expect(built, built.stderr).toMatchObject({ code: 0 });
    await cp(join(project, "build/node"), join(folder, "alone"), { recursive: true });
    const api = await startApi([...(runtimes.Node ?? []), "index.mjs"], {
      cwd: join(folder, "alone"),
      env: { PATH: "", PORT: "0" },
    });
    try {
      const flower = "sepal.length=5&sepal.width=3.4&petal.length=1.5&petal.width=0.2";
      const answer = await fetch(`${api.origin}/edge/v0/predictions?${flower}`);
      expect(await answer.json()).toMatchObject({ variety: "Setosa" });
    } finally {
      await api.stop();
    }
  });

  it.each([
    [["--template", "minimal", "--language", "perl"], /--language: found "perl", expected typescript, python or r/],
    [
      ["--template", "worker", "--language", "python"],
      /--language: found "python", but the template worker has typescript only/,
    ],
  ])("says what is wrong with %s", async (args, message) => {
    const made = await run([...node, "init", "x", ...args], { cwd: folder });
    expect(made).toMatchObject({ code: 2, stdout: "" });
    expect(made.stderr).toMatch(message);
    expect(await readdir(folder)).not.toContain("x");
  });
});
