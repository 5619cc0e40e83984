import { availableParallelism } from "node:os";
import process from "node:process";
import { InvalidArgumentError } from "commander";
import { type ExampleRequest, exampleRequest, type Launchpad, LaunchpadError } from "../../../src/internal.ts";
import { environmentVariable } from "../../io/env.ts";
import { addressToServe, platformSaysWhere } from "../../process/container-address.ts";
import { startRefreshTimer } from "../../process/refresh-timer.ts";
import type { Server } from "../../process/server-contract.ts";
import { stopSignal } from "../../process/stop-signal.ts";
import type { CliCommand } from "../command.ts";
import { createDevServer, type DevServer } from "../dev-server.ts";
import { openAll, type Served, serveProjects } from "../serve-projects.ts";
import type { Session } from "../session.ts";
import { supervise } from "../workers/supervise.ts";
import type { Worker } from "../workers/worker.ts";

/** `launchpad api` */
export const api: CliCommand = {
  name: "api",
  configure: (command) =>
    command
      .description("serve the model, or all models of several projects, as a web API")
      .option(
        "--host <address>",
        "the address to listen at; 0.0.0.0 lets other machines in, unix:/run/x.sock is a Unix socket (default: 127.0.0.1; 0.0.0.0 where SageMaker or Vertex AI say a port)",
      )
      .option(
        "--port <number>",
        "the port to listen at; 0 takes a free one (default: 5000; with the protocols sagemaker and vertex that of SAGEMAKER_BIND_TO_PORT, or 8080, and AIP_HTTP_PORT)",
        portNumber,
      )
      .option("--workers <number>", "processes that share the port; auto takes one for each core", workerCount)
      .option("--watch", "serve changes of the model's code, the configuration and the API file as they are made"),
  run: (session, _, options) => serve(session, options, false),
};

/** `launchpad serve`, as SageMaker starts containers. */
export const serveCommand: CliCommand = {
  name: "serve",
  configure: (command) =>
    api.configure(command).description("the same as api, as SageMaker starts containers: docker run IMAGE serve"),
  run: (session, _, options) => serve(session, options, true),
};

async function serve(
  session: Session,
  options: Readonly<Record<string, unknown>>,
  isContainer: boolean,
): Promise<void> {
  const asked = {
    host: options.host === undefined ? undefined : String(options.host),
    port: options.port === undefined ? undefined : Number(options.port),
  };
  const addressFor = (protocols: readonly string[] = []) =>
    addressToServe(asked, protocols, environmentVariable, isContainer);
  if (session.worker) return serveAsWorker(session, session.worker, addressFor);
  if (options.workers !== undefined) {
    if (options.watch) {
      throw new LaunchpadError("USAGE", "--watch serves with one process. Leave out --workers while developing");
    }
    if (asked.host?.startsWith("unix:")) {
      throw new LaunchpadError(
        "USAGE",
        "--workers share a port, and no Unix socket. Leave out --workers, or give --host an address",
      );
    }
    // Only what no option says is looked up: workers open the configuration, and say what is wrong with it.
    const isTold = asked.port !== undefined && !isContainer && !platformSaysWhere(environmentVariable);
    const protocols = isTold ? undefined : await protocolsOf(session);
    return supervise(session, { count: Number(options.workers), ...addressFor(protocols) });
  }
  let stopFollowing = () => {};
  let server: Server | undefined;
  let told = "";
  const onSwap = async (launchpad: Launchpad) => {
    stopFollowing();
    stopFollowing = startRefreshTimer(launchpad.config.model_store.refresh, launchpad.refresh);
    const text = server && (await welcome(launchpad, server.url));
    if (text !== undefined && text !== told) process.stderr.write(text);
    told = text ?? told;
  };
  const projects = await session.projects();
  if (projects !== undefined) {
    if (options.watch) {
      throw new LaunchpadError("USAGE", "--watch serves one project, found several. Name its configuration: -c FILE");
    }
    return serveProjects(session, projects, addressFor(projects.config.api.protocols));
  }
  const project = await (options.watch ? createDevServer : openOnce)(session, onSwap);
  const { limits, api: section } = project.current().config;
  server = await session.serve(project.fetch, { ...addressFor(section?.protocols), log: logOf(session), limits });
  await onSwap(project.current());
  if (options.watch) process.stderr.write("Watching its files: a change serves as soon as it works.\n\n");
  await stopSignal();
  stopFollowing();
  process.stderr.write("Stopping: finishing requests in flight, for 10 seconds at most. Ctrl-C again ends them.\n");
  await server.close();
  await project.close();
}

/** Protocols of a configuration whose models are not opened. */
async function protocolsOf(session: Session): Promise<readonly string[] | undefined> {
  const projects = await session.projects();
  return projects ? projects.config.api.protocols : (await session.data()).config.api?.protocols;
}

/** Serves until the supervisor, which says everything to the user, wants it to stop. */
async function serveAsWorker(
  session: Session,
  worker: Worker,
  addressFor: (protocols?: readonly string[]) => { readonly host: string },
): Promise<void> {
  try {
    const projects = await session.projects();
    const { fetch, refresh, seconds, greet, limits, protocols } = projects
      ? await openAll(session, projects)
      : await openOne(session);
    worker.listens();
    const server = await session.serve(fetch, {
      host: addressFor(protocols).host,
      port: worker.port,
      reusePort: true,
      log: logOf(session),
      limits,
    });
    const stopFollowing = startRefreshTimer(seconds, refresh);
    worker.serving(await greet(server.url), refresh, limits?.stall_timeout);
    await worker.stopped;
    stopFollowing();
    await server.close();
    await worker.ends();
  } catch (error) {
    await worker.failed(error);
  }
}

/** What a worker serves. */
async function openOne(session: Session): Promise<Served> {
  const launchpad = await session.open();
  await launchpad.ready();
  const { config, fetch, refresh } = launchpad;
  return {
    fetch,
    refresh,
    seconds: config.model_store.refresh,
    limits: config.limits,
    protocols: config.api?.protocols,
    greet: (url) => welcome(launchpad, url),
  };
}

const logOf = ({ host }: Session) => host.log.child("api");

/** A model package that is opened once; the session closes it. */
async function openOnce(session: Session): Promise<DevServer> {
  const launchpad = await session.open();
  await launchpad.ready();
  return { fetch: launchpad.fetch, current: () => launchpad, close: async () => {} };
}

/** Where it serves, and lines to open and to paste. */
async function welcome(launchpad: Launchpad, { origin, protocol, href }: URL): Promise<string> {
  const { name, version } = launchpad.config.model;
  const { definition, basePath } = await launchpad.api();
  if (protocol === "unix:") return `Serving ${name} ${version} at ${href}, ${basePath}. Ctrl-C stops it.\n\n`;
  const example = exampleRequest(definition, basePath);
  const docs = launchpad.config.api?.docs ? `  Docs  ${origin}/docs\n\n` : "";
  const invitation = example ? invitationTo(example, origin) : "";
  return `Serving ${name} ${version} at ${origin}${basePath}. Ctrl-C stops it.\n\n${invitation}${docs}`;
}

/** Lines to open and to paste. */
function invitationTo({ method, url, headers = {}, body, form }: ExampleRequest, origin: string): string {
  const { href } = new URL(url, origin);
  // An apostrophe would end the shell's quotes; in a URL it may as well be escaped.
  const quoted = `'${href.replaceAll("'", "%27")}'`;
  const options = Object.entries(headers).map(([name, value]) => `-H ${shellText(`${name}: ${value}`)}`);
  if (form) options.push(...Object.entries(form).map(([name, value]) => `-F ${shellText(`${name}=${value}`)}`));
  else if (body !== undefined) options.push("-H 'content-type: application/json'", `-d ${shellText(body)}`);
  else if (method === "POST") options.push("-X POST");
  const curl = ["curl", ...options, quoted].join(" ");
  return method === "GET" && options.length === 0 ? `  Open  ${href}\n  Or    ${curl}\n\n` : `  Try   ${curl}\n\n`;
}

function shellText(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** More than anybody means: a slip of the finger must not bring the machine to its knees. */
const maxWorkers = 256;

function workerCount(text: string): number {
  if (text === "auto") return availableParallelism();
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= maxWorkers) return count;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${maxWorkers}, or auto.`);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a whole number from 0 to 65535.");
}
