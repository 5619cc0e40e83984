import process from "node:process";
import { formatLocation, isLaunchpadError, type Launchpad } from "../../src/internal.ts";
import { watchFiles } from "../io/watch-files.ts";
import { forgetModules } from "../modules/module-cache.ts";
import type { RequestOrigin } from "../process/server-contract.ts";
import { reportError } from "./report-error.ts";
import type { Session } from "./session.ts";

/** A model package that is served while its files change. */
export interface DevServer {
  fetch(request: Request, from?: RequestOrigin): Response | Promise<Response>;
  /** What serves by now. */
  current(): Launchpad;
  close(): Promise<void>;
}

/** What failed for want of something outside the files is tried again, so many milliseconds later. */
const closeTimeoutMs = 2000;

/**
 * Opens a model package, and again whenever one of its files changes: configuration, API file, modules and their imports.
 * What cannot be opened, or is not ready, does not serve: the one before goes on, and the standard error stream says why.
 *
 * @param session The session.
 * @param onSwap Called with each launchpad that comes to serve instead of the first.
 *
 * @returns What serves.
 *
 * @throws Whatever the first opening throws.
 */
export async function createDevServer(session: Session, onSwap: (launchpad: Launchpad) => void): Promise<DevServer> {
  const cwd = session.host.files?.cwd;
  const first = await session.openAgain();
  let serving = counted(await first.launchpad);
  await serving.launchpad.ready();
  /** Those of the last good one, and those of the one that is broken. */
  let files = new Map(first.files.map((url) => [url.href, url]));
  let good = files;
  let reason: string | undefined;
  let again: NodeJS.Timeout | undefined;

  const reload = async (what: string): Promise<void> => {
    clearTimeout(again);
    forgetModules(files.values());
    const opened = await session.openAgain();
    const found = new Map(opened.files.map((url) => [url.href, url]));
    files = new Map([...good, ...found]);
    let next: Launchpad | undefined;
    try {
      next = await opened.launchpad;
      await next.ready();
    } catch (error) {
      await next?.close();
      broken(error, what);
      return;
    }
    const before = serving;
    serving = counted(next);
    good = found;
    files = found;
    process.stderr.write(`${reason === undefined ? "Reloaded" : "Works again"} after a change of ${what}.\n`);
    reason = undefined;
    await onSwap(next);
    await before.retire();
  };

  const broken = (error: unknown, what: string) => {
    const text = String(error);
    if (text !== reason) {
      reportError(error, false);
      process.stderr.write(`The change of ${what} does not serve: the one before goes on.\n`);
    }
    reason = text;
    // The model may be trained meanwhile, which changes no file that is watched.
    if (isLaunchpadError(error) && error.status === 503) again = setTimeout(() => void turn(what), closeTimeoutMs);
  };

  let running: Promise<void> = Promise.resolve();
  /** One after the other. */
  const turn = (what: string): Promise<void> => {
    running = running.then(() => reload(what)).catch((error) => broken(error, what));
    return running;
  };

  const stop = watchFiles(
    () => files.values(),
    (changed) => turn(changed.map((url) => formatLocation(url, cwd)).join(", ")),
  );
  return {
    fetch: (request, from) => serving.fetch(request, from),
    current: () => serving.launchpad,
    async close() {
      stop();
      clearTimeout(again);
      await running;
      await serving.launchpad.close();
    },
  };
}

/** Counts requests, so that what has been replaced is closed when its last one is answered. */
function counted(launchpad: Launchpad) {
  let inFlight = 0;
  let retired = false;
  const done = () => {
    inFlight -= 1;
    if (retired && inFlight === 0) void launchpad.close();
  };
  return {
    launchpad,
    fetch(request: Request, from?: RequestOrigin): Response | Promise<Response> {
      inFlight += 1;
      const response = launchpad.fetch(request, from);
      if (response instanceof Promise) return response.finally(done);
      done();
      return response;
    },
    async retire(): Promise<void> {
      retired = true;
      if (inFlight === 0) await launchpad.close();
    },
  };
}
