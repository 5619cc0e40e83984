import { refusalOf } from "../../../src/internal.ts";
import { failOnStrayErrors } from "../../process/stray-errors.ts";
import { type CliCommand, modelArgument } from "../command.ts";
import { holdSignals } from "../hold-signals.ts";
import { printMetrics } from "../streams.ts";

/** `launchpad train` */
export const train: CliCommand = {
  name: "train",
  configure: (command) =>
    command
      .description("train and test the model, store it, print its metrics")
      .argument("[model]", modelArgument)
      .option("--fresh", "train without the previous model, as if there were none"),
  async run(session, [name], options) {
    const launchpad = await session.open(name);
    const { model } = launchpad.config;
    let release: (() => void) | undefined;
    try {
      const trained = await failOnStrayErrors("train", (signal) =>
        launchpad.train({
          fresh: options.fresh === true,
          signal,
          onPhase(phase) {
            session.progress.start(`${phase} ${model.name} ${model.version}`);
            if (phase === "storing") release = holdSignals();
          },
        }),
      );
      session.progress.stop();
      printMetrics(trained.metrics);
      const refusal = refusalOf(trained, trained.meta);
      if (refusal) throw refusal;
    } finally {
      release?.();
    }
  },
};
