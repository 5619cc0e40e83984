/*
 * How fast the API is: the iris API against a bare Hono app that reads the same query, calls the same model function and
 * returns the same JSON without validating, on each runtime.
 *
 *   npm run build && node test/bench/api.ts [RUNTIME ...]
 *
 * Both serve at the same time and are measured in turns, A B B A, so that whatever else the machine does is shared. What
 * counts are the medians of the ratios within the turns. Where there is /proc, also the processor time that the server
 * takes for a request: it says the most on a machine that does other things as well.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Running, run, runtimes, start } from "../runtimes/runtime.ts";
import { startWorkers } from "./api/workers.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const query = "/iris/v0/varieties?sepal.length=4.9&sepal.width=2.4&petal.length=3.3&petal.width=1";
const turns = Number(process.env.TURNS ?? 12);
const seconds = process.env.SECONDS ?? "1";
const connections = process.env.CONNECTIONS ?? "16";
/** More options of the API, as YAML: what else is turned on. */
const extra = process.env.API ?? "{}";

interface Measured {
  readonly requests: number;
  readonly perSecond: number;
  /** Of the latencies, in milliseconds. */
  readonly median: number;
  readonly failures: number;
  /** Microseconds of processor time for a request. */
  readonly processor: number;
}

/** One of the two that are compared. */
interface Side {
  readonly origin: string;
  /** The process, if it is one of its own. */
  readonly pid?: number | undefined;
}

interface Pair {
  readonly launchpad: Side;
  readonly bare: Side;
  stop(): Promise<void>;
}

const folder = await mkdtemp(join(tmpdir(), "launchpad-bench-"));
const overlay = join(folder, "overlay.yml");
await writeFile(overlay, `model_store: { location: ./model_store }\napi: ${extra}\n`);
const config = ["-c", at("../../examples/iris/launchpad.yml"), "-c", overlay];
const cli = at("../../dist/cli.js");

/** In microseconds: fields 14 and 15 of proc_pid_stat(5), in hundredths of a second. */
async function processorTime(pid: number | undefined): Promise<number> {
  const stat = pid === undefined ? "" : await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function load({ origin, pid }: Side, duration: string): Promise<Measured> {
  const before = await processorTime(pid);
  const { stdout, stderr } = await run([process.execPath, at("api/load.ts"), origin + query, duration, connections]);
  if (stdout === "") throw new Error(stderr);
  const measured = JSON.parse(stdout);
  return { ...measured, processor: ((await processorTime(pid)) - before) / measured.requests };
}

async function serve(command: readonly string[]): Promise<Side & { readonly running: Running }> {
  const running = start(command);
  const [, origin = ""] = await running.printed(/Serving[\s\S]*?(http:\/\/[^/\s]+)/);
  return { origin, pid: running.child.pid, running };
}

async function startPair(program: readonly string[], contents: string): Promise<Pair> {
  const [launchpad, bare] = await Promise.all([
    serve([...program, cli, ...config, "api", "--port", "0"]),
    serve([...program, at("api/bare.ts"), contents]),
  ]);
  return {
    launchpad,
    bare,
    async stop() {
      for (const { running } of [launchpad, bare]) {
        running.kill("SIGKILL");
        await running.finished;
      }
    },
  };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function compare(name: string, pair: Pair): Promise<void> {
  const sides = ["launchpad", "bare"] as const;
  const measured: Record<(typeof sides)[number], Measured[]> = { launchpad: [], bare: [] };
  const answers = await Promise.all(sides.map(async (side) => (await fetch(pair[side].origin + query)).text()));
  if (answers[0] !== answers[1]) throw new Error(`${name}: the answers differ: ${answers.join(" and ")}`);
  for (const side of sides) await load(pair[side], "3");
  for (let turn = 0; turn < turns; turn += 1) {
    for (const side of turn % 2 === 0 ? sides : [...sides].reverse()) {
      const result = await load(pair[side], seconds);
      if (result.failures > 0) throw new Error(`${name}: ${result.failures} requests to ${side} failed`);
      measured[side].push(result);
    }
  }
  const show = (key: "perSecond" | "median" | "processor", digits: number) => {
    const [ours, theirs] = sides.map((side) => measured[side].map((result) => result[key])) as [number[], number[]];
    const ratios = ours.map((value, turn) => value / (theirs[turn] ?? Number.NaN));
    return `${median(ratios).toFixed(2)} (${median(ours).toFixed(digits)} / ${median(theirs).toFixed(digits)})`;
  };
  const processor = Number.isNaN(measured.bare[0]?.processor) ? "" : `, processor time ${show("processor", 1)} us`;
  console.log(
    `${name.padEnd(8)} requests per second ${show("perSecond", 0)}, median latency ${show("median", 3)} ms${processor}`,
  );
}

try {
  const wanted = process.argv.slice(2);
  const trained = await run([...(runtimes.Node ?? []), cli, ...config, "train"]);
  if (trained.code !== 0) throw new Error(trained.stderr);
  const store = join(folder, "model_store");
  const { contents, startWorkerPair } = await startWorkers(
    config.filter((part) => part !== "-c"),
    store,
  );
  for (const [name, program] of Object.entries(runtimes)) {
    if (wanted.length === 0 ? name === "Node 20" : !wanted.includes(name)) continue;
    const pair = await startPair(program, contents);
    await compare(name, pair).finally(() => pair.stop());
  }
  if (wanted.length === 0 || wanted.includes("workerd")) {
    const pair = await startWorkerPair();
    await compare("workerd", pair).finally(() => pair.stop());
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
