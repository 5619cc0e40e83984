import { defineConfig } from "../../src/config/define.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { Config } from "../../src/config/types.ts";
import { LaunchpadError } from "../../src/errors.ts";
import type { Files } from "../../src/host.ts";
import { createLogger } from "../../src/log.ts";

/** The folder of every file below. */
export const cwd = new URL("file:///project/");

/** The least that a configuration holds. */
export const least = `model_store:
  location: ./model_store
model: {name: iris, version: "0.0.1", module: tree_model}
`;

/** The same as a value. */
export const leastValue = {
  model_store: { location: "./model_store" },
  model: { name: "iris", version: "0.0.1", module: "tree_model" },
};

/** Files in memory, by path below the folder or absolute path. */
export type Texts = Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;

/** A host with these files; `warnings` is what it was told. */
export function hostOf(texts: Texts) {
  const warnings: string[] = [];
  const reads: string[] = [];
  const byUrl = new Map(Object.entries(texts).map(([path, text]) => [new URL(path, cwd).href, text]));
  const files: Pick<Files, "cwd" | "read"> = {
    cwd,
    async read(url) {
      reads.push(url.href);
      const text = byUrl.get(url.href);
      if (text === undefined) throw new LaunchpadError("DATA_UNAVAILABLE", `cannot read ${url.pathname}: no such file`);
      return typeof text === "string" ? new TextEncoder().encode(text) : text;
    },
  };
  const log = createLogger((level, _name, message) => {
    if (level === "warning") warnings.push(message);
  });
  return { files: files as Files, log, warnings, reads };
}

/** Loads the named files; the first one unless told. */
export function load(texts: Texts, ...names: string[]): Promise<Config> {
  const [first = ""] = Object.keys(texts);
  const chosen = names.length > 0 ? names : [first];
  return loadConfig(
    chosen.map((name) => new URL(name, cwd)),
    hostOf(texts),
  );
}

/** The error of a task that fails; fails itself if it does not. */
export async function errorOf(task: () => unknown): Promise<LaunchpadError> {
  try {
    await task();
  } catch (error) {
    if (error instanceof LaunchpadError) return error;
    throw error;
  }
  throw new Error("expected an error");
}

/** What is wrong with a file, line by line. */
export async function problemsOf(text: string, others: Texts = {}): Promise<string[]> {
  const error = await errorOf(() => load({ "launchpad.yml": text, ...others }));
  if (error.code !== "CONFIG_INVALID") throw error;
  return error.message.split("\n");
}

/** What is wrong with a value, line by line. */
export async function problemsOfValue(value: unknown): Promise<string[]> {
  return (await errorOf(() => defineConfig(value))).message.split("\n");
}
