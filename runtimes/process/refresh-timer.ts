import process from "node:process";
import type { RefreshOptions } from "../../src/internal.ts";

/** The longest time that a timer can wait, in milliseconds. */
const maxTimerMs = 2_147_483_647;

/**
 * Looks for a newer model also while no request comes in, and when it is told to by SIGHUP. What goes wrong is in the log,
 * and in /readyz.
 *
 * @param seconds How often it looks, in seconds; 0 for never.
 * @param refresh Looks once.
 *
 * @returns Ends it.
 */
export function startRefreshTimer(
  seconds: number,
  refresh: (options?: RefreshOptions) => Promise<unknown>,
): () => void {
  const look = () => void refresh().catch(() => {});
  const scheduledLook = () => void refresh({ scheduled: true }).catch(() => {});
  const timer = seconds > 0 ? setInterval(scheduledLook, Math.min(seconds * 1000, maxTimerMs)) : undefined;
  // On Windows it means that the window was closed.
  const signal = process.platform === "win32" ? undefined : "SIGHUP";
  if (signal) process.on(signal, look);
  return () => {
    clearInterval(timer);
    if (signal) process.off(signal, look);
  };
}
