import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { type Batch, isLaunchpadError, messageOf } from "../../../src/internal.ts";
import { stackOf } from "../../process/stack.ts";
import { createSession } from "../session.ts";
import { type Answer, type PackedError, packFrame, type Question, type ThreadData, unpackFrame } from "./messages.ts";

/**
 * Tells whether this is a thread that scores for the command line.
 *
 * @returns Whether it was started as one.
 */
export function isScoringThread(): boolean {
  return !isMainThread && (workerData as ThreadData | undefined)?.mllaunchpad === "scoring";
}

/** Opens the model, and scores what comes from the thread that started this one. */
export async function runScoringThread(): Promise<void> {
  const { globals, model, run } = workerData as ThreadData;
  const port = parentPort;
  if (port === null) return;
  const send = (answer: Answer, handed: ArrayBuffer[] = []) => port.postMessage(answer, handed);
  try {
    const session = await createSession(globals);
    const batch = await (await session.open(model)).batch(run);
    port.on("message", async (question: Question) => {
      try {
        await answer(batch, question, send);
      } catch (error) {
        send({ id: question.id, error: packError(error) });
      }
    });
    send({ id: 0 });
  } catch (error) {
    send({ id: 0, error: packError(error) });
  }
}

async function answer(
  batch: Batch,
  question: Question,
  send: (answer: Answer, handed?: ArrayBuffer[]) => void,
): Promise<void> {
  const { id } = question;
  if ("rows" in question) {
    const answers = await batch.answer(question.rows);
    const rows = answers.map(({ error, prediction }) => (error ? { error: packError(error) } : { prediction }));
    return send({ id, rows });
  }
  const { predictions, faults } = await batch.score(unpackFrame(question.frame), question.where, question);
  const { packed, handed } = packFrame(predictions);
  send({ id, predictions: packed, faults }, handed);
}

function packError(error: unknown): PackedError {
  if (isLaunchpadError(error)) return { code: error.code, message: error.message };
  return { code: undefined, message: error instanceof Error ? stackOf(error) : messageOf(error) };
}
