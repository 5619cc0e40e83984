import { LaunchpadError } from "../../errors.ts";

/**
 * Loads the client of a database, which is an optional package. Its name is no literal in the import, so that
 * bundlers do not look for what is not installed, nor put what a Worker cannot run into one.
 *
 * @param name The package.
 * @param database The database that needs it.
 *
 * @returns What the package exports.
 *
 * @throws MODULE_NOT_FOUND when it cannot be loaded; the message says how to install it.
 */
export async function loadClient<T>(name: string, database: string): Promise<T> {
  try {
    const client = await import(/* @vite-ignore */ name);
    return client.default ?? client;
  } catch (cause) {
    const message = `${database} needs the package ${name}: npm install ${name}`;
    throw new LaunchpadError("MODULE_NOT_FOUND", message, { cause });
  }
}
