import { spawn } from "node:child_process";

const timeoutMs = 60_000;
const maxErrorLength = 500;

/**
 * Runs a command with a text at its standard input. What it writes is dropped, but for the reason of a failure.
 *
 * @param command The program and its arguments; no shell reads them.
 * @param input The text.
 *
 * @throws Error when it cannot be started, fails, or takes more than a minute.
 */
export function runCommand([program = "", ...args]: readonly string[], input: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "ignore", "pipe"], timeout: timeoutMs });
    let written = "";
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => {
      if (written.length < maxErrorLength) written += text.slice(0, maxErrorLength);
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ended with ${signal ?? `exit code ${code}`}: ${written.trim()}`));
    });
    // A command may end without reading.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
