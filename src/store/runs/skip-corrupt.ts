import { isLaunchpadError } from "../../errors.ts";
import type { Logger } from "../../log.ts";

/** What is wrong with something in the store, and with nothing else. */
const damages: readonly string[] = ["STORE_CORRUPT", "STORE_UNTRUSTED"];

/**
 * Waits for what may be damaged in the store, or not signed as it must be.
 *
 * @param task The reading of it.
 * @param onDamage Told what is wrong.
 *
 * @returns The result; undefined when it is damaged.
 */
export async function skipCorrupt<T>(task: Promise<T>, onDamage: (message: string) => void): Promise<T | undefined> {
  try {
    return await task;
  } catch (error) {
    if (!isLaunchpadError(error) || !damages.includes(error.code)) throw error;
    onDamage(error.message);
    return undefined;
  }
}

/**
 * Logger of damage that is left out of a list.
 *
 * @param log The log.
 * @param list Which list.
 *
 * @returns A function that takes a message.
 */
export function logSkipped(log: Logger, list: string): (message: string) => void {
  return (message) =>
    log.warning(`${message}${message.endsWith(".") ? "" : "."} It is left out of the list of ${list}.`);
}
