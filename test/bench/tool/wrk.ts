import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "./benchmark.ts";
import type { Load, LoadOptions, Request } from "./load.ts";
import { startProgram } from "./programs.ts";

/** A text in Lua, whatever it holds; between brackets it wants spaces around it. */
const lua = (text: string) => `[==[${text}]==]`;

/**
 * How long a connection waits between requests, so that all of them come to a rate: exponentially distributed, as if the callers
 * knew nothing of each other. wrk waits whole milliseconds: what is between them is left to chance.
 */
const pause = (milliseconds: number) => `
function delay()
  return math.floor(-${milliseconds} * math.log(1 - math.random()) + math.random())
end`;

const report = `
function done(summary, latency, requests)
  local errors = summary.errors
  io.stderr:write(string.format(
    '{"requests":%d,"microseconds":%d,"p50":%g,"p99":%g,"failures":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end`;

/** Sends requests with wrk, and reads what a script of its own reports. */
export async function wrk(context: Context, origin: string, request: Request, options: LoadOptions): Promise<Load> {
  const { connections, seconds, rate } = options;
  const script = join(context.folder, "wrk.lua");
  const headers = Object.entries(request.headers ?? {}).map(
    ([name, value]) => `wrk.headers[ ${lua(name)} ] = ${lua(value)}`,
  );
  const lines = [
    `wrk.method = ${lua(request.method ?? "GET")}`,
    ...(request.body === undefined ? [] : [`wrk.body = ${lua(request.body)}`]),
    ...headers,
    ...(rate === undefined ? [] : [pause((connections / rate) * 1000)]),
    report,
  ];
  await writeFile(script, `${lines.join("\n")}\n`);
  // Rounded up: wrk takes whole seconds.
  const duration = `${Math.max(1, Math.ceil(seconds))}s`;
  const command = ["wrk", "-t", "1", "-c", `${connections}`, "-d", duration, "-s", script, origin + request.path];
  const program = startProgram(context, command);
  const { code, stderr } = await program.finished;
  await program.stop();
  const line = /^\{.*\}$/m.exec(stderr)?.[0];
  if (code !== 0 || line === undefined) throw new Error(`wrk ended with ${code}: ${stderr}`);
  const { microseconds, ...found } = JSON.parse(line);
  return { ...found, perSecond: found.requests / (microseconds / 1e6) };
}
