/*
 * How the model store grows: how long it takes to list and to start with 1 to 10,000 runs on local files.
 *
 *   npm run build && node test/bench/store-growth.ts [LARGEST]
 *
 * Start-up is what an API does before it serves: it asks which run is current, and loads that run. `launchpad models` is
 * the whole command, from its start to its end, as a terminal shows it (with a table) and as a pipe gets it; `version`, which
 * opens no store, is how much of that is the runtime's start. The last line compares: how many times longer than with one
 * run. Every round measures all sizes, one after the other, so that whatever else the machine does is the same for all.
 * Ends with 1 if start-up grows, or a whole command takes 2 s with the largest number of runs.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { fileDriver } from "../../runtimes/shared/file-driver.ts";
import { silentLogger } from "../../src/log.ts";
import { contentsKey, createId, currentKey, metaKey, promotionKey } from "../../src/store/layout.ts";
import { seal, sha256 } from "../../src/store/seal.ts";
import { createStore } from "../../src/store/store.ts";

const [name, version] = ["iris", "1.0.0"];
const start = Date.UTC(2026, 0, 1);
const contents = new Uint8Array(1000).fill(7);
const sizes = [1, 10, 100, 1000, 10_000].filter((size) => size <= Number(process.argv[2] ?? 10_000));
const rounds = 5;
const parent = await mkdtemp(join(tmpdir(), "launchpad-growth-"));

/** The store flushes every file to the disk: for so many runs their files are written without that. */
async function write(folder: string, key: string, data: Uint8Array | string): Promise<void> {
  const path = join(folder, ...key.split(":"));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, data);
}

async function addRun(folder: string, time: number): Promise<void> {
  const run = createId(time);
  const created = new Date(time).toISOString();
  const metrics = { accuracy: 0.9, f1: 0.8 };
  const meta = await seal({
    name,
    version,
    created,
    created_by: "jane",
    system: {
      platform: "linux-x64",
      packages: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`p${at}`, "1"])),
    },
    train_report: { petals: { rows: 130 } },
    metrics,
    config_snapshot: { model: { name, version } },
    have_columns_been_ordered: true,
    run,
    contents: { size: contents.length, sha256: await sha256(contents) },
    metrics_history: { [created]: metrics },
  });
  await write(folder, contentsKey(name, version, run), contents);
  await write(folder, metaKey(name, version, run), meta.text);
  const promotion = await seal({ time: created, run, previous: null, reason: "train" });
  await write(folder, promotionKey(name, version, createId(time)), promotion.text);
  await write(folder, currentKey(name, version), JSON.stringify({ run }));
}

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** Runs a command to its end, its output read as a pipe's reader reads it. */
async function command(folder: string, words: readonly string[], terminal = false): Promise<string> {
  const [program = "", ...args] = terminal
    ? ["script", "-qec", `${process.execPath} ${cli} ${words.join(" ")}`, "/dev/null"]
    : [process.execPath, cli, ...words];
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`launchpad ${words.join(" ")} ended with ${code}`);
  return output;
}

/** What is measured, with the number of runs that there are. */
type Work = (folder: string, size: number) => Promise<unknown>;

const storeIn = (folder: string) =>
  createStore({
    driver: fileDriver({ folder: join(folder, "store") }),
    location: folder,
    now: Date.now,
    log: silentLogger,
  });

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`found ${what}`);
}

const works: Readonly<Record<string, Work>> = {
  "start-up": async (folder) => {
    const store = storeIn(folder);
    const run = await store.current(name, version);
    if (run) await store.loadRun({ name, version, run });
  },
  "overview()": async (folder, size) => {
    const [found] = await storeIn(folder).overview();
    must(found?.others.length === size - 1, `${found?.others.length} other runs of ${size}`);
  },
  "models()": async (folder, size) => {
    const found = (await storeIn(folder).models())[name]?.backups.length;
    must(found === size - 1, `${found} backups of ${size} runs`);
  },
  "--version": (folder) => command(folder, ["--version"]),
  "models | cat": async (folder, size) => {
    const { backups, latest } = JSON.parse(await command(folder, ["models"]))[name];
    must(backups.length === size - 1 && latest.metrics.f1 === 0.8, `${backups.length} backups of ${size} runs`);
  },
  "models (table)": async (folder, size) => {
    const output = await command(folder, ["models"], true);
    must(new RegExp(`^iris .* f1 0\\.8 +${size - 1}\\r?$`, "m").test(output), output);
  },
};

const median = (taken: readonly number[]) => [...taken].sort((a, b) => a - b)[taken.length >> 1] ?? Number.NaN;

try {
  for (const size of sizes) {
    const folder = join(parent, String(size));
    for (let at = 0; at < size; at++) await addRun(join(folder, "store"), start + at * 1000);
    await writeFile(
      join(folder, "launchpad.yml"),
      `model_store: { location: ./store }\nmodel: { name: ${name}, version: "${version}", module: none }\n`,
    );
  }
  const taken = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const size of sizes) {
      for (const [what, work] of Object.entries(works)) {
        const before = performance.now();
        await work(join(parent, String(size)), size);
        const all = taken.get(`${what} ${size}`) ?? [];
        taken.set(`${what} ${size}`, [...all, performance.now() - before]);
      }
    }
  }
  const of = (what: string, size: number) => median(taken.get(`${what} ${size}`) ?? []);
  const line = (cells: readonly string[]) => console.log(cells.map((cell) => cell.padStart(16)).join(""));
  const names = Object.keys(works);
  line(["runs", ...names.map((what) => `${what} ms`)]);
  for (const size of sizes) line([String(size), ...names.map((what) => of(what, size).toFixed(1))]);
  const largest = sizes.at(-1) ?? 1;
  const growth = (what: string) => of(what, largest) / of(what, 1);
  line([`${largest} : 1`, ...names.map((what) => `${growth(what).toFixed(1)} x`)]);
  // Something read for each run would take thousands of times longer; small times vary.
  if (growth("start-up") > 5) process.exitCode = 1;
  if (Math.max(of("models | cat", largest), of("models (table)", largest)) > 2000) process.exitCode = 1;
} finally {
  await rm(parent, { recursive: true, force: true });
}
