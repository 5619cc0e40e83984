import { existsSync, readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { LaunchpadError } from "../../src/index.ts";
import { programAt } from "../support/programs.ts";
import { ask, configText, type HostedProject, hostedProject } from "./project.ts";

const iris = await readFile(new URL("../../examples/iris/iris_train.csv", import.meta.url), "utf8");
const setosa = { "sepal.length": 5.1, "sepal.width": 3.5, "petal.length": 1.4, "petal.width": 0.2 };

programAt("Rscript");

/** How often R is killed: more with R_KILLS=100,20. */
const [predictions = 40, trainings = 4] = (process.env.R_KILLS ?? "40,4").split(",").map(Number);
const kills = { predictions, trainings };

let project: HostedProject | undefined;

const make = async (code: string, model = "", more = "", files: Record<string, string> = {}) => {
  const launchpad = configText(`module: my_model${model && `, ${model}`}`, more);
  project = await hostedProject({ "launchpad.yml": launchpad, "my_model.R": code, ...files });
  return project;
};

afterEach(async () => {
  await project?.close();
  project = undefined;
});

const petals = "datasources: { petals: { type: csv, path: ./petals.csv } }\n";

describe("a model in R", () => {
  it("is trained, stored, loaded and served", async () => {
    const { open } = await make(
      `
library(rpart)
train <- function(run) {
  data <- run$order_columns(run$source("petals")$frame())
  run$report("petals", data)
  run$report("depth", run$config$depth)
  rpart(variety ~ ., data = data, method = "class", control = rpart.control(maxdepth = run$config$depth))
}
test <- function(model, run) {
  data <- run$order_columns(run$source("petals")$frame())
  list(accuracy = mean(stats::predict(model, data, type = "class") == data$variety), matrix = diag(2))
}
predict <- function(model, args, run) {
  list(variety = stats::predict(model, run$order_columns(data.frame(args)), type = "class"))
}
`,
      "depth: 3",
      petals,
      { "petals.csv": iris },
    );
    const launchpad = await open();
    const { metrics, meta } = await launchpad.train();
    expect(metrics.accuracy).toBeGreaterThan(0.9);
    expect(metrics.matrix).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(meta).toMatchObject({
      have_columns_been_ordered: true,
      train_report: { depth: 3, data: { petals: { nrows: 130, ncols: 5 } } },
      code: { files: ["my_model.R"], sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      system: {
        language: "r",
        language_version: expect.stringMatching(/^4\./),
        packages: { rpart: expect.any(String) },
      },
    });
    await launchpad.close();
    const again = await open();
    await again.ready();
    expect(await ask(again, setosa)).toEqual({ status: 200, body: { variety: "Setosa" } });
    expect(await again.retest()).toEqual(metrics);
  });

  it("of ML Launchpad's template is what it was: its names, r_file and r_dependencies", async () => {
    project = await hostedProject({
      "launchpad.yml": configText(
        "module: r_model, r_file: r_example.R, r_dependencies: [rpart]",
        `datasources: { petals: { type: csv, path: ./petals.csv } }
datasinks: { out: { type: csv, path: ./out.csv, tags: predict } }
`,
      ),
      "r_model.py": "import rpy2\n",
      "r_example.R": `
create_trained_model <- function(model_conf, old_model = NULL) {
  print(paste("Hello from", model_conf$name))
  df <- get_dataframe("petals")
  print(head(df))
  list(mymodel = rpart(variety ~ ., data = df, method = "class"), times = if (is.null(old_model)) 1 else old_model$times + 1)
}
test_trained_model <- function(model_conf, model) {
  df <- get_dataframe("petals")
  list(accuracy = mean(predict(model$mymodel, df, type = "class") == df$variety))
}
predict_with_model <- function(model_conf, args_list, model) {
  pred <- predict(model$mymodel, data.frame(args_list), type = "class")
  put_dataframe("out", data.frame(variety = pred))
  list(iris_variety = pred, probability = 0.9999, times = model$times)
}
`,
      "petals.csv": iris,
    });
    const launchpad = await project.open();
    await launchpad.train();
    expect((await launchpad.train()).metrics.accuracy).toBeGreaterThan(0.9);
    expect(await launchpad.predict(setosa)).toEqual({ iris_variety: "Setosa", probability: 0.9999, times: 2 });
    expect(await readFile(join(project.folder, "out.csv"), "utf8")).toBe("variety\nSetosa\n");
    expect(project.lines(/Hello from m/)).toHaveLength(2);
  });

  it("gets frames of every dtype, and gives them, with NA of every type and factors", async () => {
    const { open, folder } = await make(
      `
train <- function(run) {
  f <- run$source("all")$frame()
  stopifnot(identical(vapply(f, function(x) class(x)[1], ""), c(f = "numeric", i = "integer", b = "logical", s = "factor", w = "character", t = "POSIXct")))
  stopifnot(is.na(f$f[2]), is.na(f$b[3]), is.na(f$s[2]), is.na(f$w[1]), is.na(f$t[2]), f$w[2] == "\\u00fc\\u20ac", levels(f$s) == c("x", "y"))
  run$sink("copy")$write(f)
  rows <- 0
  run$source("all")$batches(function(part) rows <<- rows + nrow(part), size = 2)
  stopifnot(rows == 3)
  run$sink("text")$write_raw("written")
  1
}
test <- function(model, run) list()
predict <- function(model, args, run) run$source("all")$frame()
`,
      "",
      `datasources: { all: { type: csv, path: ./all.csv, options: { dtype: { t: datetime, s: category, w: str } } } }
datasinks: { copy: { type: jsonl, path: ./copy.jsonl }, text: { type: text_file, path: ./text.txt } }
`,
      { "all.csv": "f,i,b,s,w,t\n1.5,1,True,x,,2020-01-02\n,2,False,,ü€,\n-2,3,,y,z,1600-01-01\n" },
    );
    const launchpad = await open();
    await launchpad.train();
    const rows = [
      { f: 1.5, i: 1, b: true, s: "x", w: null, t: "2020-01-02T00:00:00.000Z" },
      { f: null, i: 2, b: false, s: null, w: "ü€", t: null },
      { f: -2, i: 3, b: null, s: "y", w: "z", t: "1600-01-01T00:00:00.000Z" },
    ];
    const text = await readFile(join(folder, "copy.jsonl"), "utf8");
    expect(
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(rows);
    expect(await readFile(join(folder, "text.txt"), "utf8")).toBe("written");
    expect((await ask(launchpad, { any: 1 })).body).toEqual(rows);
  });

  it("returns what R has as plain JSON, and says what JSON cannot hold", async () => {
    const { open } = await make(`
values <- list(
  na = list(NA, NA_integer_, NA_real_, NA_character_, NaN, Inf, factor(NA)), one = 1, ones = I(1), none = NULL, empty = list(), text = paste0("\\"\\\\ \\u00fc\\n", intToUtf8(1)),
  numbers = c(0.1, 1/3, 1e300, -0.5, 123456789012, 2^53), flags = c(TRUE, NA), factors = factor(c("b", "a")), long = as.numeric(1:100), ints = 1:3,
  day = as.Date("2020-01-02"), time = as.POSIXct("2020-01-02 03:04:05.678", tz = "UTC"), named = c(a = 1, b = NA), rows = c("1" = 5, "2" = 6), matrix = matrix(1:4, 2),
  frame = data.frame(a = c(1, NA), s = c("x", NA)), nested = list(a = list(1, "x", list(b = NULL))), dollar = list("$" = 1),
  fun = function(x) x, formula = y ~ x, env = globalenv(), raw = as.raw(1), complex = 1i, listcol = data.frame(a = I(list(1, "x")))
)
train <- function(run) NULL
test <- function(model, run) list(a = NULL)
predict <- function(model, args, run) { stopifnot(is.null(model)); if (isTRUE(args$given)) args else values[[args$what]] }
`);
    const launchpad = await open();
    await launchpad.train();
    const expected: Record<string, unknown> = {
      na: [null, null, null, null, null, null, null],
      one: 1,
      ones: [1],
      none: null,
      empty: [],
      text: '"\\ ü\n\u0001',
      numbers: [0.1, 1 / 3, 1e300, -0.5, 123456789012, 2 ** 53],
      flags: [true, null],
      factors: ["b", "a"],
      long: Array.from({ length: 100 }, (_, at) => at + 1),
      ints: [1, 2, 3],
      day: "2020-01-02",
      time: "2020-01-02T03:04:05.678Z",
      named: { a: 1, b: null },
      rows: [5, 6],
      matrix: [
        [1, 3],
        [2, 4],
      ],
      frame: [
        { a: 1, s: "x" },
        { a: null, s: null },
      ],
      nested: { a: [1, "x", { b: null }] },
      dollar: { $: 1 },
    };
    for (const [what, value] of Object.entries(expected)) {
      expect({ [what]: (await ask(launchpad, { what })).body }).toEqual({ [what]: value });
    }
    for (const what of ["fun", "formula", "env", "raw", "complex", "listcol"]) {
      await expect(launchpad.predict({ what })).rejects.toThrow(
        /JSON has no such value|which no frame of Launchpad has/,
      );
    }
    const given = { given: true, n: null, x: 0.1, list: [1, 2], mixed: [1, "a"], deep: { a: [true] }, text: "ü" };
    expect(await launchpad.predict(given)).toEqual({ ...given, deep: { a: true } });
  });

  it("predicts rows together, and a bad row fails alone", async () => {
    const { open } = await make(`
train <- function(run) 1
test <- function(model, run) list()
predict <- function(model, args, run) if (args$x < 0) stop("a bad row") else args$x * 2
predict_batch <- function(model, frame, run) { Sys.sleep(0.02); if (any(frame$x < 0)) stop("a bad row"); frame$x * 2 }
`);
    const launchpad = await open();
    await launchpad.train();
    await launchpad.ready();
    const xs = Array.from({ length: 60 }, (_, at) => (at === 30 ? -1 : at + 0.5));
    const answers = await Promise.all(xs.map((x) => ask(launchpad, { x })));
    expect(answers.map(({ status, body }) => (status === 200 ? body : status))).toEqual(
      xs.map((x) => (x < 0 ? 500 : x * 2)),
    );
  });

  it("says what is wrong: R, a package, the syntax, functions, an exception; and prints where it may", async () => {
    const { open, folder, lines } = await make(
      "train <- function(run) stop('not today')\ntest <- function(m, r) list()\npredict <- function(m, a, r) { print('printed'); cat('to stdout\\n'); system('echo by a program'); a$x }\n",
    );
    const launchpad = await open();
    const error = await launchpad.train().catch((it: LaunchpadError) => it);
    expect(error).toMatchObject({
      code: "TRAIN_FAILED",
      message: expect.stringMatching(/train of m 1.0.0 threw simpleError: not today/),
    });
    const broken = async (code: string, config = "") => {
      await writeFile(join(folder, "my_model.R"), code);
      await writeFile(join(folder, "launchpad.yml"), configText(`module: my_model${config}`));
      return open();
    };
    await expect((await broken("library(unheardOf)\n")).train()).rejects.toThrow(
      /there is no package called .unheardOf/,
    );
    await expect((await broken("x <- 1\n", ", r_dependencies: [unheardOf]")).train()).rejects.toThrow(
      /install.packages\("unheardOf"\)/,
    );
    await expect((await broken("f <- function( {\n")).train()).rejects.toThrow(/my_model.R:1:16/);
    await expect((await broken("x <- 1\n")).train()).rejects.toThrow(/functions train, test and predict expected/);
    const printing = await broken(
      "train <- function(run) 1\ntest <- function(m, r) list()\npredict <- function(m, a, r) { print('printed'); cat('to stdout\\n'); system('echo by a program'); a$x }\n",
    );
    await printing.train();
    expect(await printing.predict({ x: 5 })).toBe(5);
    for (const text of [/printed/, /to stdout/, /by a program/]) expect(lines(text)).toHaveLength(1);
    const dying = await broken(
      "train <- function(run) quit(save = 'no', status = 4)\ntest <- predict <- function(...) 1\n",
    );
    await expect(dying.train()).rejects.toMatchObject({
      code: "HOST_FAILED",
      message: expect.stringContaining("exit code 4"),
    });
  });

  it(`loses no answer and no run when it is killed at random: ${kills.predictions} predictions, ${kills.trainings} trainings`, async () => {
    const { open, folder } = await make(`
train <- function(run) {
  cat(Sys.getpid(), file = paste0(run$config$pid_file, "~"))
  file.rename(paste0(run$config$pid_file, "~"), run$config$pid_file)
  Sys.sleep(0.05)
  2
}
test <- function(m, run) list()
predict <- function(m, args, run) { Sys.sleep(0.005); list(twice = args$x * m, pid = Sys.getpid()) }
`);
    const pidFile = join(folder, "pid");
    await writeFile(
      join(folder, "launchpad.yml"),
      configText(`module: my_model, processes: 2, pid_file: "${pidFile}"`),
    );
    const launchpad = await open();
    await launchpad.train();
    await launchpad.ready();
    const counts = { right: 0, unavailable: 0, wrong: 0, killed: 0 };
    const pids = new Set<number>();
    const lanes = Array.from({ length: 4 }, async (_, lane) => {
      for (let at = lane; at < kills.predictions; at += 4) {
        const { status, body } = await ask(launchpad, { x: at });
        const { twice, pid } = (status === 200 ? body : {}) as { twice?: number; pid?: number };
        if (twice === at * 2 && pid !== undefined) {
          counts.right += 1;
          pids.add(pid);
        } else if (status === 503) counts.unavailable += 1;
        else counts.wrong += 1;
        const [victim] = [...pids].sort(() => Math.random() - 0.5);
        if (at % 12 !== 11 || victim === undefined) continue;
        pids.delete(victim);
        try {
          process.kill(victim, "SIGKILL");
          counts.killed += 1;
        } catch {}
      }
    });
    await Promise.all(lanes);
    expect(counts).toMatchObject({ wrong: 0 });
    expect(counts.right + counts.unavailable).toBe(kills.predictions);
    expect(counts.killed).toBeGreaterThan(0);
    expect(counts.unavailable).toBeLessThanOrEqual(counts.killed);
    const trainings = { trained: 0, failed: 0 };
    for (let at = 0; at < kills.trainings; at += 1) {
      await rm(pidFile, { force: true });
      const training = launchpad.train({ fresh: true }).then(
        () => "trained" as const,
        (error: LaunchpadError) => (error.code === "HOST_FAILED" ? ("failed" as const) : Promise.reject(error)),
      );
      while (!existsSync(pidFile)) await wait(5);
      // The first always while it trains.
      if (at > 0) await wait(Math.random() * 400);
      process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
      trainings[await training] += 1;
      expect((await launchpad.store.runs("m")).length).toBe(1 + trainings.trained);
    }
    console.log(`R, killed at random: ${JSON.stringify({ ...counts, ...trainings })}`);
    expect(trainings.failed).toBeGreaterThan(0);
    expect(await (await open()).predict({ x: 4 })).toMatchObject({ twice: 8 });
  }, 600_000);
});
