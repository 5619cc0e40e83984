import { once } from "node:events";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { type ErrorCode, LaunchpadError, type Logger } from "../../../src/internal.ts";
import { defaultGrace, type Serve } from "../../process/server-contract.ts";
import type { Session } from "../session.ts";
import { findStarter } from "./start-process.ts";
import { watchPulse } from "./watch-pulse.ts";
import { workerVariable } from "./worker.ts";
import { type Ended, type Supervised, within } from "./worker-handle.ts";
import { createCrew } from "./worker-pool.ts";

/** What the workers serve with. */
export interface SuperviseOptions {
  readonly count: number;
  readonly host: string;
  readonly port: number;
}

/** Who has served for so many milliseconds did not die of what was there from the start. */
const settled = 10_000;

/** How long to wait before a worker is started in the place of one that died early: longer each time, in milliseconds. */
const delayAfter = (failures: number) => (failures === 0 ? 0 : Math.min(100 * 2 ** (failures - 1), 30_000));

/**
 * Serves with several processes that share one port. A process that dies is replaced. The first SIGINT or SIGTERM lets requests
 * in flight be answered, the second ends all at once; SIGHUP makes all look for a newer model.
 *
 * @param session The session.
 * @param options How many, and where.
 *
 * @throws LISTEN_FAILED; USAGE where processes cannot share a port; whatever keeps the first of them from serving.
 */
export async function supervise(session: Session, { count, host, port }: SuperviseOptions): Promise<void> {
  const log = session.host.log.child("cli");
  const startProcess = await findStarter(session.host.runtime.name);
  const free = await freePort(session.serve, host, port);
  const crew = createCrew(() => startProcess({ [workerVariable]: String(free) }), session.writeLogLine);

  const stopping = new AbortController();
  const stopped = once(stopping.signal, "abort").then(() => undefined);
  let again: NodeJS.Signals | undefined;
  // One listener from start to end: between two, a signal would end this process and not its workers.
  const onStop = (name: NodeJS.Signals) => {
    if (!stopping.signal.aborted) return stopping.abort();
    again = name;
    crew.kill();
  };
  process.on("SIGINT", onStop);
  process.on("SIGTERM", onStop);
  const refresh = () => void crew.refresh();
  // On Windows it means that the window was closed.
  const signal = process.platform === "win32" ? undefined : "SIGHUP";
  if (signal) process.on(signal, refresh);

  const first = crew.start();
  const welcome = await Promise.race([first.serving, first.ended, stopped]);
  const served = typeof welcome === "string";
  if (!served && welcome !== undefined) throw startError(first, welcome);
  if (served) {
    process.stderr.write(welcome);
    const workers = [first, ...Array.from({ length: count - 1 }, () => crew.start())];
    for (const worker of workers) void keep(worker, crew.start, log, stopping.signal);
    await stopped;
  }
  if (signal) process.off(signal, refresh);
  process.stderr.write("Stopping: finishing requests in flight, for 10 seconds at most. Ctrl-C again ends them.\n");
  // Who computes without a pause hears nothing.
  const stop = crew.stop();
  await within(stop, defaultGrace + 2000);
  crew.kill();
  await stop;
  process.off("SIGINT", onStop);
  process.off("SIGTERM", onStop);
  if (again === undefined) return;
  // Whoever started this sees what ended it.
  process.kill(process.pid, again);
  await within(new Promise(() => {}), 1000);
}

/** Finds out, before there are workers, whether they can listen, and which port that is. */
async function freePort(serve: Serve, host: string, port: number): Promise<number> {
  const server = await serve(() => new Response(null, { status: 503 }), { host, port });
  await server.close(0);
  return Number(server.url.port) || 80;
}

/** Starts another worker whenever one has ended. */
async function keep(first: Supervised, start: () => Supervised, log: Logger, stopping: AbortSignal): Promise<void> {
  let failures = 0;
  for (let worker = first; ; worker = start()) {
    void worker.serving.then(() => {
      log.info(`worker ${worker.pid} serves`);
      return watchPulse(worker, (seconds) => {
        // One that is to stop is ended soon as it is.
        if (stopping.aborted) return;
        log.error(
          `worker ${worker.pid} has answered nothing for ${seconds} s (limits.stall_timeout): code of the model computes without a ` +
            "pause. It is ended, with the requests that it had",
        );
      });
    });
    const ended = await worker.ended;
    if (stopping.aborted) return;
    failures = ended.served >= settled ? 0 : failures + 1;
    const delay = delayAfter(failures);
    log.warning(`${whyEnded(worker, ended)}. Another takes its place${delay > 0 ? ` in ${delay / 1000} s` : ""}`);
    await setTimeout(delay, undefined, { signal: stopping }).catch(() => {});
    if (stopping.aborted) return;
  }
}

function whyEnded({ pid, failure }: Supervised, { how, served }: Ended): string {
  if (failure) return `worker ${pid} failed: ${failure.message}${failure.code ? ` [${failure.code}]` : ""}`;
  return `worker ${pid} ended with ${how}${served > 0 ? "" : " before it served"}`;
}

/** Nothing is repeated that could not be done once. */
function startError(worker: Supervised, ended: Ended): Error {
  const { failure } = worker;
  if (failure === undefined) {
    const hint = "What it wrote is above; launchpad api without --workers does the same in one process";
    return new LaunchpadError("NOT_READY", `${whyEnded(worker, ended)}. ${hint}.`);
  }
  return failure.code === undefined
    ? new Error(failure.message)
    : new LaunchpadError(failure.code as ErrorCode, failure.message);
}
