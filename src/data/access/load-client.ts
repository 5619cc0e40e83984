import { LaunchpadError } from "../../errors.ts";

/**
 * Loads an optional package. Its name is no literal in the import, so that bundlers do not look for what is not installed,
 * nor put what a Worker cannot run into one.
 *
 * @param name The package, or a part of it.
 * @param needs What needs it.
 *
 * @returns What the package exports.
 *
 * @throws MODULE_NOT_FOUND when it cannot be loaded; the message says how to install it.
 */
export async function loadClient<T>(name: string, needs: string): Promise<T> {
  try {
    const client = await import(/* @vite-ignore */ name);
    return client.default ?? client;
  } catch (cause) {
    const [installed = name] = name.startsWith("@") ? [name] : name.split("/");
    const message = `${needs} needs the package ${installed}: npm install ${installed}`;
    throw new LaunchpadError("MODULE_NOT_FOUND", message, { cause });
  }
}
