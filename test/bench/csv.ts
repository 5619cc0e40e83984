/*
 * How fast a CSV file becomes a frame, and in how much memory, beside pandas, one after the other in the same run.
 *
 *   node test/bench/csv.ts [MEGABYTES [ROUNDS [MEGABYTES OF BATCHES]]]
 *
 * The file has nine columns, five of them numbers, one of which has all the digits of its float64. Each reading is a
 * process of its own; the time is that of reading, without the start of the process. pandas is installed into virtual
 * environments below this folder: version 2 reads with one thread, version 3 with as many as there are processors.
 * Needs Linux, which says how much memory a process had.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createWriteStream, existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { runtimes } from "../runtimes/runtime.ts";

const [megabytes = 100, rounds = 5, batchMegabytes = 1000] = process.argv.slice(2).map(Number);
const here = fileURLToPath(new URL(".", import.meta.url));
const pandasVersions = ["2.2.3", "3.1.1"];

interface Reading {
  readonly seconds: number;
  readonly rows: number;
  /** In MB, as `above` and `series`. */
  readonly peak: number;
  readonly above?: number;
  readonly series?: readonly number[];
}

/** Rows that look like data, the same in every run (Lehmer's generator). */
function* linesOf(bytes: number): Generator<string> {
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const among = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)];
  const cities = [
    "Berlin",
    "Paris",
    "London",
    "New York",
    "Tokyo",
    "Rio de Janeiro",
    "Oslo",
    "Wien",
    "München",
    "Lagos",
  ];
  const two = (value: number) => String(1 + Math.floor(random() * value)).padStart(2, "0");
  let written = 0;
  let id = 0;
  let piece = "id,name,city,price,quantity,latitude,score,active,day\n";
  while (written < bytes) {
    for (let i = 0; i < 1000; i++) {
      const cells = [
        id++,
        `customer ${Math.floor(random() * 1e7)}`,
        among(cities),
        (random() * 1000).toFixed(2),
        Math.floor(random() * 100),
        (random() * 180 - 90).toFixed(6),
        (random() - 0.5) * (random() + 0.5),
        among(["True", "False"]),
        `2024-${two(12)}-${two(28)}`,
      ];
      piece += `${cells.join(",")}\n`;
    }
    written += piece.length;
    yield piece;
    piece = "";
  }
}

/** The Python of a virtual environment with a version of pandas; undefined where that cannot be made. */
function pandas(version: string): string | undefined {
  const folder = join(here, ".venv", `pandas-${version}`);
  const python = join(folder, "bin", "python");
  try {
    if (!existsSync(join(folder, "ready"))) {
      execFileSync("python3", ["-m", "venv", folder], { stdio: "pipe" });
      execFileSync(python, ["-m", "pip", "install", "--quiet", `pandas==${version}`], { stdio: "pipe" });
      execFileSync(python, [
        "-c",
        "import pandas, pathlib, sys; pathlib.Path(sys.argv[1]).touch()",
        join(folder, "ready"),
      ]);
    }
    return python;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    console.log(`without pandas ${version}, which needs Python with venv and pip: ${reason}`);
    return undefined;
  }
}

const pandasProgram = `
import json, re, sys, time
import pandas
start = time.perf_counter()
frame = pandas.read_csv(sys.argv[1])
seconds = time.perf_counter() - start
status = open("/proc/self/status").read()
peak = round(int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024)
print(json.dumps({"seconds": seconds, "rows": len(frame), "peak": peak}))
`;

function read(command: readonly string[]): Reading {
  const [program = "", ...args] = command;
  // Where these are set, NumPy takes another way than users' NumPy would.
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...env } = process.env;
  const { stdout, stderr, status } = spawnSync(program, args, { env, encoding: "utf8", timeout: 600_000 });
  if (status !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
  return JSON.parse(stdout);
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const row = (cells: readonly unknown[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(14) : String(cell).padStart(16))).join(""));

const folder = await mkdtemp(join(tmpdir(), "launchpad-csv-"));
try {
  const path = join(folder, "frame.csv");
  await pipeline(Readable.from(linesOf(megabytes * 1e6)), createWriteStream(path));
  const { size } = await stat(path);
  const reader = join(here, "csv-read.ts");
  const own = Object.entries(runtimes).filter(([name]) => name !== "Node 20");
  const programs = new Map<string, readonly string[]>();
  for (const version of pandasVersions) {
    const python = pandas(version);
    if (python !== undefined) programs.set(`pandas ${version}`, [python, "-c", pandasProgram, path]);
  }
  for (const [name, command] of own) programs.set(name, [...command, reader, path, "frame"]);

  const readings = new Map<string, Reading[]>([...programs.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of programs) readings.get(name)?.push(read(command));
  }
  const rows = new Set([...readings.values()].flat().map((reading) => reading.rows));
  if (rows.size !== 1) throw new Error(`not the same number of rows: ${[...rows].join(", ")}`);

  console.log(`\n${(size / 1e6).toFixed(0)} MB, ${[...rows][0]} rows, ${rounds} rounds, ${cpus().length} processors\n`);
  const others = pandasVersions.map((version) => `pandas ${version}`).filter((name) => programs.has(name));
  row(["", "MB/s (median)", "MB/s (best)", "peak MB", ...others.map((name) => `x ${name}`)]);
  const secondsOf = (name: string) => readings.get(name)?.map(({ seconds }) => seconds) ?? [];
  for (const [name, taken] of readings) {
    const seconds = secondsOf(name);
    // Ratios are of the same round, so that what else the machine does is in both.
    const ratios = others.map((other) => median(secondsOf(other).map((time, i) => time / (seconds[i] ?? Number.NaN))));
    const speeds = [median(seconds), Math.min(...seconds)].map((time) => (size / 1e6 / time).toFixed(0));
    row([name, ...speeds, median(taken.map(({ peak }) => peak)), ...ratios.map((ratio) => ratio.toFixed(2))]);
  }
  await rm(path);

  if (batchMegabytes > 0) {
    const large = join(folder, "batches.csv");
    await pipeline(Readable.from(linesOf(batchMegabytes * 1e6)), createWriteStream(large));
    const bytes = (await stat(large)).size;
    console.log(
      `\nbatches of 10,000 rows over ${(bytes / 1e6).toFixed(0)} MB: MB above the start, every 500,000 rows\n`,
    );
    for (const [name, command] of own) {
      const { seconds, above, series = [] } = read([...command, reader, large, "batches"]);
      row([name, `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`, `peak ${above}`]);
      console.log(`  ${series.join(" ")}`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
