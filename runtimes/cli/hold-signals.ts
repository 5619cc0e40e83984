import process from "node:process";

const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Holds back Ctrl-C and SIGTERM while a model is written to the store: a matter of milliseconds, after which the
 * command ends anyway. Before that, a signal ends the process at once, as it ends any program, even when the model
 * computes without a pause; nothing has been written by then.
 *
 * @returns A function that lets signals through again.
 */
export function holdSignals(): () => void {
  const hold = () => {};
  for (const signal of signals) process.on(signal, hold);
  return () => {
    for (const signal of signals) process.off(signal, hold);
  };
}
