import type { Logger } from "../../src/internal.ts";
import { capturePrints } from "./capture-prints.ts";
import { refuseExit } from "./exit.ts";
import { logStrayErrors } from "./stray-errors.ts";

/**
 * Contains what code of a model can do to the process that runs it: what it prints goes to the log, an error that it leaves behind is
 * logged, and it cannot end the process.
 *
 * @param log The log of the model.
 *
 * @returns Sets it free.
 */
export function containModel(log: Logger): () => void {
  const undo = [logStrayErrors(log), capturePrints(log), refuseExit()];
  return () => {
    for (const end of undo) end();
  };
}
