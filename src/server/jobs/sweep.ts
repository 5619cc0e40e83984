import type { JobDesk } from "./desk.ts";
import { interrupted } from "./execute.ts";
import type { JobRequest } from "./job.ts";
import { tellEnd } from "./tell.ts";

/**
 * Tells whether a job that has no end will have none, because the process that had it has ended.
 *
 * @param desk What jobs have in common.
 * @param key The key of the job.
 * @param request How it began.
 *
 * @returns Whether nothing was heard of its process for too long; of an instance that a queue woke, whether it has had all its time.
 */
export async function isLost(
  { store, host, settings, process: own }: JobDesk,
  key: string,
  { process, created_at, asked }: JobRequest,
): Promise<boolean> {
  const { lost_after: lostAfter, timeout, retention } = settings;
  if (asked) {
    // Where no queue has brought it for as long as its result would have been kept, none will.
    const started = await store.started(key);
    const begun = started === undefined ? Date.parse(created_at) + retention * 1000 : Date.parse(started);
    return begun + (timeout + lostAfter) * 1000 < host.now();
  }
  if (process === own()) return false;
  // A process that had none for a while says no sooner that it is there than it has taken one.
  const heard = Math.max((await store.heard(process)) ?? 0, Date.parse(created_at));
  return heard + lostAfter * 1000 < host.now();
}

/**
 * Ends the jobs of processes that have ended, and tells what those had not told.
 *
 * @param desk What jobs have in common.
 *
 * @returns Whether there are jobs of other processes, which have to be looked at again.
 */
export async function sweepLost(desk: JobDesk): Promise<boolean> {
  const { store, host, process: own } = desk;
  const others = (await store.open()).filter(({ process }) => process !== own());
  const gone = new Map<string, boolean>();
  for (const { process, key } of others) {
    const request = await store.request(key);
    if (request === undefined) continue;
    const isGone = await isLost(desk, key, request);
    gone.set(process, (gone.get(process) ?? true) && isGone);
    if (!isGone || desk.telling.has(key)) continue;
    if (host.peers?.claim && !(await host.peers.claim(`job lost ${key}`))) continue;
    await endLost(desk, key, request);
    void tellEnd(desk, key, request);
  }
  for (const [process, isGone] of gone) if (isGone) await store.forget(process);
  return others.length > 0;
}

/** Says of a job that it was interrupted, unless it has ended. */
export async function endLost({ store, host }: JobDesk, key: string, { id }: JobRequest): Promise<void> {
  if (await store.end(key)) return;
  await store.finish(key, interrupted(id, host.now()));
}

/**
 * Removes jobs whose time is over.
 *
 * @param desk What jobs have in common.
 * @param isOwn Whether this process has a job.
 */
export async function prune(desk: JobDesk, isOwn: (key: string) => boolean): Promise<void> {
  const { store, host, settings } = desk;
  const now = host.now();
  for (const { mark, key } of await store.expired(now)) {
    const [request, end] = await Promise.all([store.request(key), store.end(key)]);
    const isOver =
      request === undefined ||
      (end ? isExpired(desk, end.completed_at) : !isOwn(key) && (await isLost(desk, key, request)));
    if (!isOver) await store.keepUntil(key, now + settings.retention * 1000);
    if (isOver && request) await store.settle(key, request);
    await store.remove(mark, isOver ? key : undefined);
  }
}

/** Whether the result of a job is no longer kept. */
export function isExpired({ host, settings }: Pick<JobDesk, "host" | "settings">, completedAt: string): boolean {
  return Date.parse(completedAt) + settings.retention * 1000 < host.now();
}
