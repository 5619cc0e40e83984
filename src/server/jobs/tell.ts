import type { JobDesk } from "./desk.ts";
import { type JobRequest, jobOf } from "./job.ts";
import { letGo } from "./timer.ts";
import { webhookWaits } from "./webhook.ts";

/**
 * Tells the end of a job where its caller wants to be told, unless this process does so already, and again when that fails; then forgets what nobody needs any more. What
 * a process that stops could not tell, another one does.
 *
 * @param desk What jobs have in common.
 * @param key The key of the job.
 * @param request How it began.
 */
export async function tellEnd(desk: JobDesk, key: string, request: JobRequest): Promise<void> {
  const { store, log, telling } = desk;
  if (telling.has(key)) return;
  telling.add(key);
  try {
    for (const wait of [...webhookWaits, undefined]) {
      const why = await tellOnce(desk, key, request);
      if (why === undefined) break;
      log.warning(
        `jobs: the end of a job could not be told, ${wait === undefined ? "given up" : `tried again in ${wait} s`}: ${why}`,
      );
      if (wait === undefined) break;
      await new Promise<void>((resolve) => letGo(setTimeout(resolve, wait * 1000)));
      if (desk.isClosing()) return;
    }
    await store.settle(key, request);
  } catch (error) {
    log.warning("jobs: the storage cannot be reached at the moment (api.jobs.location)", { error });
  } finally {
    telling.delete(key);
  }
}

/**
 * Tells the end of a job once.
 *
 * @param desk What jobs have in common.
 * @param key The key of the job.
 * @param request How it began.
 *
 * @returns Why it could not be told; undefined when it was, or nobody wants to be told.
 */
export async function tellOnce(
  { store, webhooks }: JobDesk,
  key: string,
  request: JobRequest,
): Promise<string | undefined> {
  if (request.webhook === undefined || webhooks === undefined) return undefined;
  const [started, end] = await Promise.all([store.started(key), store.end(key)]);
  if (end === undefined) return undefined;
  return webhooks.tell(request.webhook, `msg_${key.slice(0, 32)}`, jobOf(request, started, end));
}
