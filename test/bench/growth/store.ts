import { join } from "node:path";
import { fileDriver } from "../../../runtimes/storage/file-driver.ts";
import { silentLogger } from "../../../src/log.ts";
import { createStore } from "../../../src/store/store.ts";
import { publishedCli, runtimes } from "../../runtimes/runtime.ts";
import type { Context, Findings } from "../tool/benchmark.ts";
import { runProgram } from "../tool/programs.ts";
import { measureGrowth, once } from "./measure.ts";
import { makeStore, name, version } from "./store-runs.ts";

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

/** 1 to 10,000 runs in a model store on local files. */
export async function store(context: Context): Promise<Findings> {
  const sizes = context.quick ? [1, 10, 100] : [1, 10, 100, 1000, 10_000];
  const folderOf = (size: number) => join(context.folder, `runs-${size}`);
  const launchpad = (size: number, ...words: string[]) =>
    runProgram(context, [...(runtimes.Node ?? []), publishedCli, ...words], { cwd: folderOf(size) });
  for (const size of sizes) await makeStore(folderOf(size), size);
  return measureGrowth(context, {
    by: "runs",
    sizes,
    rounds: context.quick ? 1 : 5,
    works: {
      "start: the current run, loaded": (size) =>
        once(async () => {
          const opened = storeIn(folderOf(size));
          const run = await opened.current(name, version);
          must(run !== undefined, "no current run");
          if (run) await opened.loadRun({ name, version, run });
        }),
      "overview()": (size) =>
        once(async () => {
          const [found] = await storeIn(folderOf(size)).overview();
          must(found?.others.length === size - 1, `${found?.others.length} other runs of ${size}`);
        }),
      "models()": (size) =>
        once(async () => {
          const found = (await storeIn(folderOf(size)).models())[name]?.backups.length;
          must(found === size - 1, `${found} backups of ${size} runs`);
        }),
      "launchpad models": (size) =>
        once(async () => {
          const { backups, latest } = JSON.parse(await launchpad(size, "models"))[name];
          must(backups.length === size - 1 && latest.metrics.f1 === 0.8, `${backups.length} backups of ${size} runs`);
        }),
      "launchpad --version": (size) => once(() => launchpad(size, "--version")),
    },
    references: ["launchpad --version"],
    notes: [
      "On Node. launchpad models is the whole command; launchpad --version opens no store, and says how much of it is the runtime's start.",
    ],
  });
}
