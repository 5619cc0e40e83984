import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { publishedCli, run, runtimes, sourceCli, startApi } from "../runtimes/runtime.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const node = [...(runtimes.Node ?? []), publishedCli];

/** How the unit test of a project is run, by the name that `--runtime` takes. */
const testRunners: Record<string, readonly string[]> = {
  "Node 20": [...(runtimes["Node 20"] ?? []), "--test"],
  Node: [...(runtimes.Node ?? []), "--test"],
  Bun: [...(runtimes.Bun ?? []), "test"],
  Deno: [...(runtimes.Deno ?? []).slice(0, 1), "test", "-A", "--no-check"],
};

/** 60 houses with text, flags and missing values, in the CSV of Excel in Germany, and names that need quotes. */
const houses = ['"größe, ""in"" m²";heizung;garten;preis']
  .concat(
    Array.from({ length: 60 }, (_, i) => {
      const size = 40 + ((i * 37) % 160);
      const heating = ["gas", "holz", "öl"][i % 3];
      const garden = ["true", "false", ""][((i * 7) % 11) % 3];
      const price = size * 3000 + (heating === "holz" ? 20_000 : 0) + (garden === "true" ? 15_000 : 0) + (i % 5) * 1000;
      return `${size},5;${heating};${garden};${price}`;
    }),
  )
  .join("\n");

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-init-"));
  const [train = "", holdout = ""] = await Promise.all(
    ["iris_train.csv", "iris_holdout.csv"].map((file) => readFile(join(root, "examples/iris", file), "utf8")),
  );
  await writeFile(join(folder, "iris.csv"), train.trimEnd() + holdout.slice(holdout.indexOf("\n")));
  await writeFile(join(folder, "houses.csv"), houses);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const init = (...args: string[]) => run([...node, "init", ...args], { cwd: folder });

/** What `npm install` would do. */
async function install(project: string): Promise<void> {
  await mkdir(join(project, "node_modules"));
  await symlink(root, join(project, "node_modules/mllaunchpad"));
}

const flower = { "sepal.length": 5, "sepal.width": 3.4, "petal.length": 1.5, "petal.width": 0.2 };
const house = { 'größe, "in" m²': 100.5, heizung: "gas", garten: true };

describe("launchpad init", () => {
  for (const [name, command] of Object.entries(runtimes)) {
    const runtime = name.replace(/ .*/, "").toLowerCase();

    it(`makes a project that classifies at once, on ${name}`, async () => {
      const made = await run([...command, publishedCli, "init", "flowers", "--data", "iris.csv"], { cwd: folder });
      expect(made, made.stderr).toMatchObject({ code: 0, stdout: "" });
      expect(made.stderr).toContain("predicts variety (classification)");
      const project = join(folder, "flowers");
      expect(await readFile(join(project, "iris.csv"))).toEqual(await readFile(join(folder, "iris.csv")));
      expect(await readFile(join(project, "model.test.js"), "utf8")).toContain(`"mllaunchpad/${runtime}"`);
      await install(project);
      const launchpad = (args: string[], input = "") =>
        run([...command, publishedCli, ...args], { cwd: project, input });

      const trained = await launchpad(["train"]);
      expect(trained, trained.stderr).toMatchObject({ code: 0 });
      expect(trained.stderr).not.toMatch(/ (WARNING|ERROR) /);
      const metrics = JSON.parse(trained.stdout);
      expect(metrics).toMatchObject({ rows: 30 });
      expect(metrics.accuracy).toBeGreaterThan(0.9);
      expect(metrics.accuracy_of_usual).toBeLessThan(0.5);
      expect(JSON.parse((await launchpad(["retest"])).stdout)).toEqual(metrics);
      const predicted = await launchpad(["predict"], JSON.stringify(flower));
      expect(JSON.parse(predicted.stdout)).toEqual({ variety: "Setosa" });

      const api = await startApi([...command, publishedCli], { cwd: project });
      try {
        const ask = (args: Record<string, number>) =>
          fetch(
            `${api.origin}/flowers/v0/predictions?${new URLSearchParams(args as unknown as Record<string, string>)}`,
          );
        expect(await (await ask({ ...flower, "petal.length": 5.8, "petal.width": 2.2 })).json()).toEqual({
          variety: "Virginica",
        });
        expect((await ask({ "sepal.length": 5 })).status).toBe(400);
      } finally {
        await api.stop();
      }

      const tested = await run(testRunners[name] ?? [], { cwd: project });
      expect(tested.code, tested.stdout + tested.stderr).toBe(0);
      expect(tested.stdout + tested.stderr).toMatch(/pass 2\b|2 pass\b|2 passed/);
    });

    it(`makes a project of a regression at once, on ${name}`, async () => {
      const args = ["init", "prices", "--data", "houses.csv", "--target", "preis", "--runtime", runtime];
      const made = await run([...command, publishedCli, ...args], { cwd: folder });
      expect(made, made.stderr).toMatchObject({ code: 0, stdout: "" });
      const project = join(folder, "prices");
      await install(project);
      const launchpad = (args: string[], input = "") =>
        run([...command, publishedCli, ...args], { cwd: project, input });

      const trained = await launchpad(["train"]);
      expect(trained, trained.stderr).toMatchObject({ code: 0 });
      const metrics = JSON.parse(trained.stdout);
      expect(metrics.r2).toBeGreaterThan(0.95);
      expect(metrics.mae).toBeLessThan(metrics.mae_of_usual / 4);
      const { preis } = JSON.parse((await launchpad(["predict"], JSON.stringify(house))).stdout);
      expect(Math.abs(preis - 318_500)).toBeLessThan(15_000);

      const api = await startApi([...command, publishedCli], { cwd: project });
      try {
        // A garden that nobody knows of is missing in the data, too.
        for (const [args, status] of [
          [house, 200],
          [{ ...house, garten: undefined }, 200],
          [{ ...house, heizung: "kohle" }, 400],
        ] as const) {
          const answer = await fetch(`${api.origin}/prices/v0/predictions`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(args),
          });
          expect(answer.status).toBe(status);
          if (status === 200) expect(Math.abs((await answer.json()).preis - 318_500)).toBeLessThan(25_000);
        }
      } finally {
        await api.stop();
      }

      const tested = await run(testRunners[name] ?? [], { cwd: project });
      expect(tested.code, tested.stdout + tested.stderr).toBe(0);
    });
  }

  for (const name of ["Node", "Bun", "Deno"]) {
    it(`finds its templates also when it is run from its sources, on ${name}`, async () => {
      const made = await run(
        [...(runtimes[name] ?? []), sourceCli, "init", "flowers", "--data", join(folder, "iris.csv")],
        {
          cwd: folder,
        },
      );
      expect(made, made.stderr).toMatchObject({ code: 0 });
      const text = await readFile(join(root, "runtimes/init/templates/tabular/model.ts"), "utf8");
      expect(await readFile(join(folder, "flowers/model.ts"), "utf8")).toBe(text);
    });
  }

  it("makes a minimal project without data", async () => {
    expect(await init("small", "--template", "minimal")).toMatchObject({ code: 0 });
    const project = join(folder, "small");
    await install(project);
    expect(await run([...node, "train"], { cwd: project })).toMatchObject({ code: 0 });
    const predicted = await run([...node, "predict"], { cwd: project, input: '{"x": 4}' });
    expect(JSON.parse(predicted.stdout)).toEqual({ y: 8 });
    const tested = await run(testRunners.Node ?? [], { cwd: project });
    expect(tested.stdout).toMatch(/pass 1/);
  });

  it("writes code whose types are right for whoever opens it in an editor", async () => {
    expect(await init("flowers", "--data", "iris.csv")).toMatchObject({ code: 0 });
    const project = join(folder, "flowers");
    await install(project);
    const checked = await run([join(root, "node_modules/.bin/tsc"), "-p", "."], { cwd: project });
    expect(checked.stdout).toBe("");
    expect(checked.code).toBe(0);
  });

  it("leaves data that lies in the folder where it is, and takes names as they come", async () => {
    const project = join(folder, "Größe & Co");
    await mkdir(join(project, "raw data"), { recursive: true });
    await cp(join(folder, "houses.csv"), join(project, "raw data/50% #1?.csv"));
    const args = ["init", "--data", "raw data/50% #1?.csv", "--target", 'größe, "in" m²'];
    const made = await run([...node, ...args], { cwd: project });
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(await readdir(project)).not.toContain("50% #1?.csv");
    const config = parse(await readFile(join(project, "launchpad.yml"), "utf8"));
    expect(config).toMatchObject({
      datasources: { data: { type: "euro_csv", path: "./raw data/50% #1?.csv" } },
      model: { name: "Gr-e-Co", target: 'größe, "in" m²', task: "regression" },
    });
    expect(JSON.parse(await readFile(join(project, "package.json"), "utf8"))).toMatchObject({
      name: "gr-e-co",
      type: "module",
    });
    await install(project);
    const trained = await run([...node, "train"], { cwd: project });
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(trained.stdout).r2).toBeGreaterThan(0.9);
  });

  const kinds: Record<string, [string, object]> = {
    semicolons: ["a;b\n1.5;x\n2.5;y\n3.5;x\n", { type: "csv", options: { sep: ";" } }],
    tabs: ["a\tb\n1.5\tx\n2.5\ty\n3.5\tx\n", { type: "csv", options: { sep: "\t" } }],
    commas: ['"a;a;a;a",b\n1.5,x\n2.5,y\n3.5,x\n', { type: "csv" }],
  };
  for (const [what, [text, entry]] of Object.entries(kinds)) {
    it(`sees that ${what} separate cells`, async () => {
      await writeFile(join(folder, "few.csv"), text);
      expect(await init("few", "--data", "few.csv")).toMatchObject({ code: 0 });
      const config = parse(await readFile(join(folder, "few/launchpad.yml"), "utf8"));
      expect(config.datasources.data).toEqual({ path: "./few.csv", tags: ["train", "test"], ...entry });
      await install(join(folder, "few"));
      expect(await run([...node, "train"], { cwd: join(folder, "few") })).toMatchObject({ code: 0 });
    });
  }

  const targets: Record<string, [(i: number) => unknown, string, unknown]> = {
    booleans: [(i) => i % 2 === 0, "classification", true],
    "zeros and ones": [(i) => (i % 2 === 0 ? 1 : 0), "classification", 1],
    "whole numbers": [(i) => i % 7, "regression", expect.any(Number)],
    "numbers past 2^53": [(i) => `90071992547409${90 + (i % 7)}`, "regression", expect.any(Number)],
    text: [(i) => (i % 2 === 0 ? "" : `"it's ""${i % 4}"""`), "classification", expect.stringMatching(/^it's "[13]"$/)],
  };
  for (const [what, [value, task, prediction]] of Object.entries(targets)) {
    it(`predicts ${what}, as the API file promises`, async () => {
      const rows = Array.from(
        { length: 40 },
        (_, i) => `${i % 2 === 0 ? 10 : -10},2024-01-${10 + (i % 20)},${value(i)}`,
      );
      await writeFile(join(folder, "some.csv"), `x,day,y\n${rows.join("\n")}\n`);
      expect(await init("some", "--data", "some.csv")).toMatchObject({ code: 0 });
      const project = join(folder, "some");
      await install(project);
      expect(parse(await readFile(join(project, "launchpad.yml"), "utf8")).model.task).toBe(task);
      const trained = await run([...node, "train"], { cwd: project });
      expect(trained, trained.stderr).toMatchObject({ code: 0 });
      const api = await startApi(node, { cwd: project });
      try {
        const answer = await fetch(`${api.origin}/some/v0/predictions?x=10&day=2024-01-12`);
        expect([answer.status, await answer.json()]).toEqual([200, { y: prediction }]);
      } finally {
        await api.stop();
      }
    });
  }
});

describe("launchpad init overwrites nothing", () => {
  it("and writes nothing either, if a file is there", async () => {
    await mkdir(join(folder, "mine"));
    await writeFile(join(folder, "mine/model.ts"), "mine");
    await symlink("nowhere", join(folder, "mine/README.md"));
    const made = await init("mine", "--data", "iris.csv");
    expect(made).toMatchObject({ code: 2, stdout: "" });
    expect(made.stderr).toMatch(
      /^launchpad: mine: model\.ts, README\.md are there already.*another folder.*\[USAGE\]\n$/,
    );
    expect((await readdir(join(folder, "mine"))).sort()).toEqual(["README.md", "model.ts"]);
    expect(await readFile(join(folder, "mine/model.ts"), "utf8")).toBe("mine");
  });

  it("when it is run twice", async () => {
    expect(await init("flowers", "--data", "iris.csv")).toMatchObject({ code: 0 });
    await writeFile(join(folder, "flowers/launchpad.yml"), "mine");
    expect((await init("flowers", "--data", "iris.csv")).stderr).toMatch(/launchpad\.yml.*are there already/);
    expect(await readFile(join(folder, "flowers/launchpad.yml"), "utf8")).toBe("mine");
  });

  const data = (text: string) => () => writeFile(join(folder, "data.csv"), text);
  const nothing = async () => {};
  const mistakes: Record<string, [() => Promise<void>, readonly string[], number, RegExp]> = {
    "no data": [nothing, ["x"], 2, /--data: no file found.*--data iris\.csv.*--template minimal.*\[USAGE\]/],
    "a file that is not there": [nothing, ["x", "--data", "no.csv"], 1, /no\.csv cannot be read: it does not exist/],
    "a folder for data": [nothing, ["x", "--data", "."], 1, /cannot be read: it is a folder.*\[DATA_UNAVAILABLE\]/],
    "a file without rows": [data("a,b\n"), ["x", "--data", "data.csv"], 1, /data\.csv: no row found.*\[DATA_INVALID\]/],
    "an empty file": [data(""), ["x", "--data", "data.csv"], 1, /data\.csv.*\[DATA_INVALID\]/],
    "one column": [data("a:b\n1:2\n"), ["x", "--data", "data.csv"], 1, /one column, "a:b", expected one to predict/],
    "one row": [
      data("a,b\n1,2\n"),
      ["x", "--data", "data.csv"],
      1,
      /"b" has a value in 1 of 1 rows, expected two at least/,
    ],
    "a target in which nothing repeats": [
      data("a,b\n1,2024-01-01\n2,2024-01-02\n"),
      ["x", "--data", "data.csv"],
      1,
      /"b" has texts of which none is there twice, expected classes that repeat/,
    ],
    "a target that is no column": [
      nothing,
      ["x", "--data", "iris.csv", "--target", "varity"],
      1,
      /--target: no column "varity"; did you mean "variety"\? .*\[COLUMN_UNKNOWN\]/,
    ],
    "an unknown template": [
      nothing,
      ["x", "--template", "tabula"],
      2,
      /--template: .* Did you mean tabular\?.*\[USAGE\]/,
    ],
    "a runtime that the tools of a template do not run on": [
      nothing,
      ["x", "--template", "worker", "--runtime", "bun"],
      2,
      /--runtime: found "bun", but the tools of the template worker run on node only\. Leave --runtime out.*\[USAGE\]/,
    ],
    "a target of a worker without data": [
      nothing,
      ["x", "--template", "worker", "--target", "variety"],
      2,
      /--data: no file found/,
    ],
    "an unknown runtime": [
      nothing,
      ["x", "--data", "iris.csv", "--runtime", "perl"],
      2,
      /--runtime: found "perl", expected node, bun or deno/,
    ],
    "an odd name": [
      nothing,
      ["x", "--data", "iris.csv", "--name", "../x"],
      2,
      /--name: found "\.\.\/x", expected letters/,
    ],
    "data for a template without": [
      nothing,
      ["x", "--template", "minimal", "--data", "iris.csv"],
      2,
      /--data: the template minimal takes no data/,
    ],
    "data that is called like a file of the project": [
      () => cp(join(folder, "iris.csv"), join(folder, "model.ts")),
      ["x", "--data", "model.ts"],
      2,
      /--data: the project has a file model\.ts of its own/,
    ],
    "a folder that is a file": [nothing, ["iris.csv/x", "--data", "iris.csv"], 1, /iris\.csv\/x cannot be written: /],
    "a file for a folder": [nothing, ["iris.csv", "--data", "iris.csv"], 1, /iris\.csv cannot be written: /],
    "two folders": [nothing, ["x", "y"], 2, /too many arguments.*\[USAGE\]/],
  };
  for (const [what, [prepare, args, code, message]] of Object.entries(mistakes)) {
    it(`and says in one line what is wrong with ${what}`, async () => {
      await prepare();
      const before = await readdir(folder, { recursive: true });
      const made = await init(...args);
      expect(made).toMatchObject({ code, stdout: "" });
      expect(made.stderr).toMatch(message);
      expect(made.stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(await readdir(folder, { recursive: true })).toEqual(before);
    });
  }
});

/** A program on a pseudo-terminal, as `script` gives it. */
function onTerminal(command: readonly string[]) {
  const line = command.map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1", TERM: "xterm" },
  });
  let shown = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    shown += text;
  });
  const ended = once(child, "close").then(([code]) => code as number);
  return {
    ended,
    shown: () => shown,
    /** Waits for a text that was not waited for yet, then types. */
    async answer(question: RegExp, keys: string) {
      for (;;) {
        const match = question.exec(shown);
        if (match) {
          shown = shown.slice(match.index + match[0].length);
          child.stdin.write(keys);
          return;
        }
        const more = await Promise.race([once(child.stdout, "data"), ended]);
        if (typeof more === "number") throw new Error(`ended with ${more} before ${question}: ${shown}`);
      }
    },
  };
}

describe("launchpad init on a terminal", () => {
  for (const [name, command] of Object.entries(runtimes)) {
    it(`asks, and asks again after a mistake, on ${name}`, async () => {
      const terminal = onTerminal([...command, publishedCli, "init", "asked"]);
      await terminal.answer(/Name of the model \(asked\): /, "no name\r");
      await terminal.answer(/--name: found "no name".*[\s\S]*Name of the model \(asked\): /, "flowers\r");
      await terminal.answer(/Data file: /, "irs.csv\r");
      await terminal.answer(/irs\.csv cannot be read[\s\S]*Data file: /, "iris.csv\r");
      await terminal.answer(/Column to predict: sepal\.length, .*\(variety\): /, "petal.wdth\r");
      await terminal.answer(/did you mean "petal\.width"\?[\s\S]*\(variety\): /, "petal.width\r");
      await terminal.answer(/Runtime: node, bun, deno \((node|bun|deno)\): /, "\r");
      expect(await terminal.ended).toBe(0);
      expect(parse(await readFile(join(folder, "asked/launchpad.yml"), "utf8")).model).toMatchObject({
        name: "flowers",
        target: "petal.width",
        task: "regression",
      });
    });

    it(`leaves nothing behind after Ctrl-C, on ${name}`, async () => {
      const terminal = onTerminal([...command, publishedCli, "init", "asked"]);
      await terminal.answer(/Name of the model \(asked\): /, "flowers\r");
      await terminal.answer(/Data file: /, "\u0003");
      expect(await terminal.ended).toBe(1);
      expect(terminal.shown()).toMatch(/launchpad: stopped; nothing was written \[ABORTED\]/);
      expect(await readdir(folder)).not.toContain("asked");
    });
  }

  it("asks for the data of a worker, which needs none, and not for its runtime", async () => {
    const terminal = onTerminal([...node, "init", "asked", "--template", "worker"]);
    await terminal.answer(/Name of the model \(asked\): /, "\r");
    await terminal.answer(/Data file \(none\): /, "\r");
    expect(await terminal.ended).toBe(0);
    expect(terminal.shown()).toContain("npm install && npx launchpad train && npm run dev");
    expect(await readdir(join(folder, "asked"))).toContain("worker.test.js");

    const again = onTerminal([...node, "init", "table", "--template", "worker", "--name", "flowers"]);
    await again.answer(/Data file \(none\): /, "iris.csv\r");
    await again.answer(/Column to predict: .*\(variety\): /, "\r");
    expect(await again.ended).toBe(0);
    expect(await readdir(join(folder, "table"))).toEqual(expect.arrayContaining(["iris.csv", "worker.test.js"]));
  });

  it("takes answers that are pasted all at once", async () => {
    const terminal = onTerminal([...node, "init", "asked"]);
    await terminal.answer(/Name of the model \(asked\): /, "flowers\riris.csv\r\rbun\r");
    expect(await terminal.ended).toBe(0);
    expect(await readFile(join(folder, "asked/model.test.js"), "utf8")).toContain("mllaunchpad/bun");
  });

  it("asks nothing that flags say", async () => {
    const args = [
      "--name",
      "flowers",
      "--language",
      "typescript",
      "--data",
      "iris.csv",
      "--target",
      "variety",
      "--runtime",
      "node",
    ];
    const terminal = onTerminal([...node, "init", "told", ...args]);
    expect(await terminal.ended).toBe(0);
    expect(terminal.shown()).not.toContain("?");
    expect(await readdir(join(folder, "told"))).toContain("launchpad.yml");
  });
});
