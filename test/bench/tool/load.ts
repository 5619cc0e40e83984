import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Context } from "./benchmark.ts";
import { runProgram } from "./programs.ts";
import { wrk } from "./wrk.ts";

/** What is asked again and again. */
export interface Request {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface LoadOptions {
  readonly seconds: number;
  readonly connections: number;
  /** Requests per second; as many as are answered, unless told. */
  readonly rate?: number;
}

/** What came of it. */
export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  /** Of the latencies, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Requests that were not answered, or with a status other than 200. */
  readonly failures: number;
}

/** Whether wrk is installed: it takes far less of the machine than autocannon does, which may be slower than what it measures. */
const hasWrk = spawnSync("wrk", ["--version"]).error === undefined;

export const loadGenerator = hasWrk ? "wrk" : "autocannon";

/**
 * Sends requests to a server for some seconds, over connections that are kept alive, from a process of its own.
 *
 * @param context The run.
 * @param origin The server.
 * @param request What to ask.
 * @param options How long, over how many connections, and how fast.
 *
 * @returns What came of it; an error when a request failed.
 */
export async function load(context: Context, origin: string, request: Request, options: LoadOptions): Promise<Load> {
  const send = hasWrk ? wrk : autocannon;
  const found = await send(context, origin, request, options);
  if (found.failures > 0 || found.requests === 0) {
    throw new Error(`${found.failures} of ${found.requests} requests to ${origin}${request.path} failed`);
  }
  return found;
}

async function autocannon(context: Context, origin: string, request: Request, options: LoadOptions): Promise<Load> {
  const script = fileURLToPath(new URL("autocannon-run.ts", import.meta.url));
  const input = JSON.stringify({ origin, request, options });
  return JSON.parse(await runProgram(context, [process.execPath, script], { input }));
}
