import http from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../databases/servers.ts";
import type { Context } from "./benchmark.ts";
import type { Request } from "./load.ts";
import { startProgram } from "./programs.ts";

/** A server that can be started. */
export interface Contender {
  command(port: number): readonly string[];
  /** More environment variables. */
  env?(port: number): Record<string, string>;
  readonly cwd?: string;
  readonly request: Request;
}

/** A server that has answered. */
export interface Serving {
  readonly origin: string;
  readonly pid: number;
  /** From the start of its process to its first answer. */
  readonly milliseconds: number;
  readonly answer: string;
  stop(): Promise<void>;
}

const longest = 120_000;

/**
 * Starts a server, and asks it until it answers with 200.
 *
 * @param context The run.
 * @param contender The server.
 *
 * @returns The server; an error with what it printed when it ends before it answers, or takes longer than two minutes.
 */
export async function serve(context: Context, { command, env, cwd, request }: Contender): Promise<Serving> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const start = performance.now();
  const program = startProgram(context, command(port), { ...(env && { env: env(port) }), ...(cwd && { cwd }) });
  let ended: Error | undefined;
  program.finished.then(
    ({ code, stdout, stderr }) => {
      ended = new Error(`ended with ${code} before it answered: ${(stderr || stdout).slice(-2000)}`);
    },
    (error: Error) => {
      ended = error;
    },
  );
  let last = "";
  while (ended === undefined && performance.now() - start < longest) {
    const answer = await ask(origin, request).catch(() => undefined);
    if (answer?.status === 200) {
      const milliseconds = performance.now() - start;
      return { origin, pid: program.pid, milliseconds, answer: answer.body, stop: program.stop };
    }
    if (answer) last = `, answers ${answer.status}: ${answer.body.slice(0, 500)}`;
    await pause(2);
  }
  const error = ended ?? new Error(`did not answer within ${longest / 1000} s${last}`);
  await program.stop();
  throw error;
}

/** Asks once, over a connection of its own. */
export function ask(origin: string, request: Request): Promise<{ readonly status: number; readonly body: string }> {
  const { path, method = "GET", headers = {}, body = "" } = request;
  return new Promise((resolve, reject) => {
    const length = body === "" ? {} : { "content-length": Buffer.byteLength(body) };
    const options = { method, agent: false, headers: { ...headers, ...length }, timeout: 10_000 } as const;
    const sent = http.request(origin + path, options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece) => {
        text += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on("error", reject);
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", reject);
    sent.end(body);
  });
}
