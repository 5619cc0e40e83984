import { closeSync, existsSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { formatDate, messageOf } from "../../../src/internal.ts";
import type { LineSink } from "./line-sink.ts";

/** When a file is taken away, as Python's TimedRotatingFileHandler has it. */
export interface TimedOptions {
  readonly when: string;
  readonly interval: number;
  readonly backupCount: number;
  readonly utc: boolean;
}

const day = 86_400;
/** Length of a unit in seconds, and how a file is called that was taken away. */
const units: Readonly<Record<string, readonly [number, string]>> = {
  S: [1, "%Y-%m-%d_%H-%M-%S"],
  M: [60, "%Y-%m-%d_%H-%M"],
  H: [3600, "%Y-%m-%d_%H"],
  D: [day, "%Y-%m-%d"],
};

/**
 * Opens a file that is taken away when its time is over, and made anew.
 *
 * @param path The file, which is there.
 * @param options When, how many are kept (0: all), and whether the time is UTC.
 * @param now Milliseconds since 1970.
 *
 * @returns The place for lines.
 */
export function openTimedFile(path: string, options: TimedOptions, now: () => number = Date.now): LineSink {
  const [seconds, name] = units[options.when] ?? [options.when.startsWith("W") ? 7 * day : day, "%Y-%m-%d"];
  const length = seconds * options.interval;
  let file = openSync(path, "a");
  // What a process before this one began goes on until its time is over.
  let end = endAfter(Math.min(statSync(path).mtimeMs, now()), length, options);
  const takeAway = () => {
    const target = `${path}.${formatDate(local(end - length * 1000, options.utc), name)}`;
    // Whatever goes wrong is not tried again with the next line.
    end = endAfter(now(), length, options);
    closeSync(file);
    try {
      // A process that shares the file was first: what it took away stays.
      if (!existsSync(target)) renameSync(path, target);
      if (options.backupCount > 0) removeOldest(path, options.backupCount);
    } catch (error) {
      process.stderr.write(`launchpad: ${path} cannot be taken away as ${target}: ${messageOf(error)}\n`);
    } finally {
      file = openSync(path, "a");
    }
  };
  return {
    write(text) {
      if (now() >= end) takeAway();
      writeSync(file, text);
    },
    close: () => closeSync(file),
  };
}

/** A date whose fields in UTC are those of a clock on the wall. */
function local(time: number, utc: boolean): Date {
  return new Date(utc ? time : time - new Date(time).getTimezoneOffset() * 60_000);
}

/** The end of the time that begins now; at midnight for days that are counted from there, at the end of a day of the week. */
function endAfter(time: number, length: number, { when, utc, interval }: TimedOptions): number {
  if (when !== "MIDNIGHT" && !when.startsWith("W")) return time + length * 1000;
  const wall = local(time, utc);
  wall.setUTCHours(0, 0, 0, 0);
  // Python counts days of the week from Monday.
  const days =
    when === "MIDNIGHT" ? interval : ((Number(when.slice(1)) + 1 - wall.getUTCDay() + 7) % 7) + 1 + 7 * (interval - 1);
  wall.setUTCDate(wall.getUTCDate() + days);
  const [year, month, date] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()];
  return utc ? wall.getTime() : new Date(year, month, date).getTime();
}

function removeOldest(path: string, kept: number): void {
  const start = `${basename(path)}.`;
  const old = readdirSync(dirname(path))
    .filter((name) => name.startsWith(start) && /^\d{4}-\d\d-\d\d(_\d\d(-\d\d){0,2})?$/.test(name.slice(start.length)))
    .sort();
  for (const name of old.slice(0, Math.max(0, old.length - kept))) rmSync(join(dirname(path), name), { force: true });
}
