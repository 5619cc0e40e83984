import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publishedCli, run, runtimes } from "../runtimes/runtime.ts";

/** The iris example with a model store of its own, in which there is a trained model. */
export interface TrainedIris {
  readonly folder: string;
  /** The options of the command line that name the configuration. */
  readonly config: readonly string[];
  remove(): Promise<void>;
}

/**
 * Trains the iris example.
 *
 * @returns The configuration, for as many servers as are wanted.
 */
export async function trainIris(): Promise<TrainedIris> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-iris-"));
  const store = join(folder, "store.yml");
  await writeFile(store, "model_store: { location: ./model_store }\n");
  const iris = fileURLToPath(new URL("../../examples/iris/launchpad.yml", import.meta.url));
  const config = ["-c", iris, "-c", store];
  const { code, stderr } = await run([...(runtimes.Node ?? []), publishedCli, ...config, "train"]);
  if (code !== 0) throw new Error(stderr);
  return { folder, config, remove: () => rm(folder, { recursive: true, force: true }) };
}
