import { setTimeout } from "node:timers/promises";
import { type Supervised, within } from "./worker-handle.ts";

/** At most so long after it has stalled, that is seen, in milliseconds. */
const maxInterval = 1000;

/** Whoever could not listen for itself meanwhile finds answers waiting, in milliseconds. */
const secondLook = 250;

/**
 * Asks a worker again and again, and ends it when it has answered nothing for too long: code of its model computes without a
 * pause, and nothing inside of the process could tell.
 *
 * @param worker A worker that serves.
 * @param onStalled Is told before it is ended.
 */
export async function watchPulse(worker: Supervised, onStalled: (seconds: number) => void): Promise<void> {
  let isGone = false;
  void worker.ended.then(() => {
    isGone = true;
  });
  const { patience } = worker;
  while (!isGone) {
    const answer = worker.ask("pulse");
    const lives = (await within(answer, patience)) ?? (await within(answer, secondLook));
    if (isGone) return;
    if (lives === undefined) {
      onStalled(patience / 1000);
      worker.kill();
      return;
    }
    await setTimeout(Math.min(maxInterval, patience), undefined, { ref: false });
  }
}
