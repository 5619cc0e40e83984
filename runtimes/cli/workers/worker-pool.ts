import type { ChildProcess } from "node:child_process";
import type { Json } from "../../../src/internal.ts";
import { mergeMetrics } from "./merge-metrics.ts";
import type { SupervisorCalls } from "./worker.ts";
import { type Supervised, superviseProcess, within } from "./worker-handle.ts";

/** All workers together. */
export interface Crew {
  /** Starts one more. */
  start(): Supervised;
  /** Has all look for a newer model; resolves when they have. */
  refresh(): Promise<void>;
  /** Lets all answer what is in flight; resolves when all have ended. */
  stop(): Promise<void>;
  /** Ends all at once. */
  kill(): void;
}

/** Who computes for longer without a pause is counted as it was when it last answered, in milliseconds. */
const countingPatience = 1000;

/** For longer nobody waits for a worker that loads a model, in milliseconds. */
const loadingPatience = 30_000;

/** Of so many workers that are gone it is remembered what they knew. */
const maxLeft = 16;
const maxClaims = 1000;

/**
 * Creates a crew without workers.
 *
 * @param startProcess Starts the process of a worker.
 * @param writeLogLine Writes a line into the log file of a handler.
 *
 * @returns The crew.
 */
export function createCrew(
  startProcess: () => ChildProcess,
  writeLogLine: (handler: string, text: string) => void,
): Crew {
  const workers = new Set<Supervised>();
  /** What workers had counted that are gone, so that no number falls. */
  let gone = "";
  let started = 0;
  /** Parts of topics of workers that are gone, the newest last. */
  const left: Map<string, Json>[] = [];
  const claims = new Set<string>();

  const othersThan = (worker: Supervised | undefined) => [...workers].filter((it) => it.serves && it !== worker);

  const metrics = async (asking: Supervised, own: string): Promise<string> => {
    asking.numbers = own;
    await Promise.all(
      othersThan(asking).map(async (worker) => {
        worker.numbers = (await within(worker.ask("metrics"), countingPatience)) ?? worker.numbers;
      }),
    );
    const serving = [...workers].filter(({ serves }) => serves);
    return mergeMetrics([
      gone,
      ...serving.map(({ numbers }) => numbers),
      ofCrew(serving.length, started - workers.size),
    ]);
  };
  const gather = async (
    asking: Supervised,
    { topic, own, asked }: Parameters<SupervisorCalls["gather"]>[0],
  ): Promise<readonly Json[]> => {
    asking.parts.set(topic, own);
    const answers = await Promise.all(
      othersThan(asking).map(async (worker) => {
        const part = await within(worker.ask("share", { topic, asked }), countingPatience);
        if (part !== undefined) worker.parts.set(topic, part);
        // Others may have asked it meanwhile: this is the answer to this question.
        return part ?? worker.parts.get(topic);
      }),
    );
    return [own, ...answers, ...left.map((parts) => parts.get(topic))].filter((part) => part !== undefined);
  };
  const claim = (key: string): boolean => {
    if (claims.has(key)) return false;
    claims.add(key);
    for (const oldest of claims) {
      if (claims.size <= maxClaims) break;
      claims.delete(oldest);
    }
    return true;
  };
  const refresh = async (asking?: Supervised): Promise<void> => {
    await Promise.all(othersThan(asking).map((worker) => within(worker.ask("refresh"), loadingPatience)));
  };

  return {
    start() {
      started += 1;
      const worker = superviseProcess(startProcess(), (self) => ({
        metrics: (own) => metrics(self, own),
        gather: (of) => gather(self, of),
        claim,
        refresh: () => refresh(self),
        log: ({ handler, text }) => writeLogLine(handler, text),
      }));
      workers.add(worker);
      void worker.ended.then(() => {
        workers.delete(worker);
        gone = mergeMetrics([gone, worker.numbers], true);
        if (worker.parts.size > 0) left.push(worker.parts);
        if (left.length > maxLeft) left.shift();
      });
      return worker;
    },
    refresh: () => refresh(),
    async stop() {
      await Promise.all(
        [...workers].map((worker) => {
          worker.stop();
          return worker.ended;
        }),
      );
    },
    kill() {
      for (const worker of workers) worker.kill();
    },
  };
}

/** What no worker knows. */
function ofCrew(serving: number, ended: number): string {
  return `# HELP launchpad_workers Processes that serve.
# TYPE launchpad_workers gauge
launchpad_workers ${serving}
# HELP launchpad_workers_ended_total Processes that served, or should have, and have ended.
# TYPE launchpad_workers_ended_total counter
launchpad_workers_ended_total ${ended}
`;
}
