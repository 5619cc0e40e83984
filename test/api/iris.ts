import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publishedCli, run, runtimes } from "../runtimes/runtime.ts";

const iris = fileURLToPath(new URL("../../examples/iris", import.meta.url));

/** The iris example in a folder of its own, with a model store in which there is a trained model. */
export interface TrainedIris {
  /** Where the configuration is, under the name that is looked for. */
  readonly folder: string;
  /** The options of the command line that name the configuration. */
  readonly config: readonly string[];
  remove(): Promise<void>;
}

/**
 * Trains the iris example. Its model stays where its packages are.
 *
 * @returns The configuration, for as many servers as are wanted.
 */
export async function trainIris(): Promise<TrainedIris> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-iris-"));
  const text = await readFile(join(iris, "launchpad.yml"), "utf8");
  const moved = text
    .replace(/path: \.\/(\S+)/g, (_, file) => `path: ${join(iris, file)}`)
    .replace(/(module|raml): (\S+)/g, (_, key, file) => `${key}: ${join(iris, file)}`);
  await writeFile(join(folder, "launchpad.yml"), moved);
  const config = ["-c", join(folder, "launchpad.yml")];
  const { code, stderr } = await run([...(runtimes.Node ?? []), publishedCli, ...config, "train"]);
  if (code !== 0) throw new Error(stderr);
  return { folder, config, remove: () => rm(folder, { recursive: true, force: true }) };
}
