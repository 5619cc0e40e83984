import type { StoreContext } from "../context.ts";
import { pathOf } from "../storage.ts";
import { parseKey } from "./layout.ts";

/** Beside the models, and of a name that no model's files have. */
const key = "index.json";

/**
 * Writes down which files there are, for whoever reads the store behind a web server, which has no lists.
 *
 * @param context The store.
 *
 * @returns The paths of all files.
 *
 * @throws STORE_UNAVAILABLE.
 */
export async function writeFileList({ storage, log }: StoreContext): Promise<readonly string[]> {
  const paths = (await storage.keys()).filter((found) => parseKey(found) !== undefined).map(pathOf);
  await storage.write(key, `${JSON.stringify(paths)}\n`);
  log.info(`${key} lists ${paths.length} files`);
  return paths;
}
