import { LaunchpadError } from "../errors.ts";
import { currentKey, isId } from "./layout.ts";
import { pathOf, type Storage } from "./storage.ts";

/**
 * Finds the run that serves.
 *
 * @param storage Where runs are kept.
 * @param name The model's name.
 * @param version The model's version.
 *
 * @returns The name of the run; undefined if none has been made current yet.
 *
 * @throws STORE_CORRUPT when it is not said in the way that it was written; STORE_UNAVAILABLE.
 */
export async function readCurrent(storage: Storage, name: string, version: string): Promise<string | undefined> {
  const key = currentKey(name, version);
  const found = await storage.readJson(key);
  if (found === undefined) return undefined;
  const run: unknown = typeof found === "object" && found !== null && "run" in found ? found.run : undefined;
  if (typeof run === "string" && isId(run)) return run;
  throw new LaunchpadError(
    "STORE_CORRUPT",
    `[store] ${storage.location}: ${pathOf(key)} does not name a run. Expected { "run": "<run>" }, found ${JSON.stringify(found).slice(0, 80)}.`,
  );
}

/**
 * Makes a run the one that serves.
 *
 * @param storage Where runs are kept.
 * @param name The model's name.
 * @param version The model's version.
 * @param run The name of the run.
 *
 * @throws STORE_UNAVAILABLE when it cannot be written; the run before goes on serving.
 */
export async function writeCurrent(storage: Storage, name: string, version: string, run: string): Promise<void> {
  await storage.write(currentKey(name, version), `${JSON.stringify({ run })}\n`);
}
