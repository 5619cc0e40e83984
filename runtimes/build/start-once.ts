import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";

/** How each runtime starts a package. */
const starters: Readonly<Record<string, readonly string[]>> = {
  node: [],
  bun: [],
  deno: ["run", "-A", "--no-prompt"],
};

const maxStartMs = 120_000;
const maxStopMs = 5000;
const maxText = 10_000;

/** What became of a package that was started: it served, it did not, or it could not be tried. */
export type Start =
  | { readonly how: "served" }
  | { readonly how: "failed"; readonly text: string }
  | { readonly how: "untried"; readonly reason: string };

/**
 * Starts a package on the runtime of this process, until it serves.
 *
 * @param file The package.
 * @param runtime Name of the runtime.
 *
 * @returns What became of it.
 */
export async function startOnce(file: string, runtime: string): Promise<Start> {
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, [...(starters[runtime] ?? []), file], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, HOST: "127.0.0.1", PORT: "0" },
    });
  } catch (error) {
    // Deno, where it may start no programs.
    return { how: "untried", reason: String(error) };
  }
  let text = "";
  const ended = new Promise<Start>((resolve) => {
    child.once("error", (error) => resolve({ how: "untried", reason: error.message }));
    child.once("close", () => resolve({ how: "failed", text: text.trim() }));
  });
  const served = new Promise<Start>((resolve) => {
    child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
      text = (text + piece).slice(-maxText);
      if (/^Serving .*Ctrl-C stops it\.$/m.test(text)) resolve({ how: "served" });
    });
  });
  const start = await Promise.race([served, ended, after(maxStartMs)]);
  child.kill("SIGTERM");
  if ((await Promise.race([ended, after(maxStopMs)])) === undefined) child.kill("SIGKILL");
  return start ?? { how: "failed", text: `it did not serve within ${maxStartMs / 1000} s\n${text.trim()}` };
}

async function after(milliseconds: number): Promise<undefined> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
  return undefined;
}
