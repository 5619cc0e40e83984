import process from "node:process";
import type { RefreshOptions } from "../../src/internal.ts";
import { startRefreshTimer } from "../process/refresh-timer.ts";
import type { ReadingLimits, RequestOrigin } from "../process/server-contract.ts";
import { stopSignal } from "../process/stop-signal.ts";
import { nameModel } from "../process/stray-errors.ts";
import type { Projects } from "../project/many/open-projects.ts";
import type { Session } from "./session.ts";

/** What a process serves: one project, or several. */
export interface Served {
  fetch(request: Request, from?: RequestOrigin): Response | Promise<Response>;
  refresh(options?: RefreshOptions): Promise<unknown>;
  /** How often it looks for something newer; 0 for never. */
  readonly seconds: number;
  /** Limits of what is read before it sees a request. */
  readonly limits: ReadingLimits | undefined;
  /** Protocols that are on. */
  readonly protocols: readonly string[] | undefined;
  /** What a user is told when it serves. */
  greet(url: URL): Promise<string>;
}

/** More names are more than anybody reads. */
const maxNames = 10;

/**
 * Opens all projects of a configuration.
 *
 * @param session The session.
 * @param projects The projects.
 *
 * @returns What serves.
 *
 * @throws CONFIG_INVALID when none of them can be opened.
 */
export async function openAll(session: Session, projects: Projects): Promise<Served> {
  session.contain();
  nameModel("a model of several");
  await projects.ready();
  const { fetch, refresh, config } = projects;
  return {
    fetch,
    refresh,
    seconds: config.refresh,
    limits: config.limits,
    protocols: config.api.protocols,
    async greet({ origin: known, href, protocol }) {
      const origin = protocol === "unix:" ? href : known;
      const models = projects.models.list();
      const shown = models
        .slice(0, maxNames)
        .map(({ name, version, basePath }) => `  ${name} ${version}  ${origin}${basePath}\n`);
      const more = models.length > maxNames ? `  and ${models.length - maxNames} more\n` : "";
      const docs = config.api.docs ? `\n  Docs  ${origin}/docs\n` : "";
      return `Serving ${models.length} models at ${origin}/. Ctrl-C stops it.\n\n${shown.join("")}${more}${docs}\n`;
    },
  };
}

/**
 * Serves all projects of a configuration until it is told to stop.
 *
 * @param session The session.
 * @param projects The projects.
 * @param options Where to listen.
 */
export async function serveProjects(
  session: Session,
  projects: Projects,
  options: { readonly host: string; readonly port: number },
): Promise<void> {
  const { fetch, refresh, seconds, limits, greet } = await openAll(session, projects);
  const server = await session.serve(fetch, { ...options, limits, log: session.host.log.child("api") });
  const stopFollowing = startRefreshTimer(seconds, refresh);
  process.stderr.write(await greet(server.url));
  await stopSignal();
  stopFollowing();
  process.stderr.write("Stopping: finishing requests in flight, for 10 seconds at most. Ctrl-C again ends them.\n");
  await server.close();
}
