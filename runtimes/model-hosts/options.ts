import type { HostModelOptions, ModelTypeContext } from "../../src/internal.ts";

/**
 * Options of the processes of a model, from the configuration.
 *
 * @param context The model.
 * @param language Its language, as contents name it.
 * @param title Its language, as messages name it.
 *
 * @returns Options without those of the language itself.
 */
export function hostOptions(
  { config, host }: Pick<ModelTypeContext, "config" | "host">,
  language: string,
  title: string,
): Omit<HostModelOptions, "start" | "hello"> {
  const { processes = 1, batch = { max_rows: 64, max_delay_ms: 2 }, pickle = "warn" } = config.model;
  const timeout = config.api?.timeout;
  return {
    language,
    title,
    log: host.log.child("model"),
    elapsed: host.elapsed ?? host.now,
    processes,
    batch,
    pickle,
    timeout: timeout === undefined ? undefined : timeout * 1000,
  };
}
