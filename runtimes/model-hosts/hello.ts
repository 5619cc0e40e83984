import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Config, type Host, type ModelTypeContext, toPlain, whereIs } from "../../src/internal.ts";
import { helloOfPlugins } from "./hello-plugins.ts";

/**
 * Describes to a child what it is to load, and what it may ask for.
 *
 * @param context The model.
 *
 * @returns What goes into its hello.
 */
export function helloOf(context: ModelTypeContext): Record<string, unknown> {
  const { config, module, base, host } = context;
  return {
    module: fileURLToPath(module),
    roots: rootsOf(config, module, base, host),
    ...helloOfPlugins(config, host),
    config: toPlain(config.model),
    sources: entriesOf(config.datasources),
    sinks: entriesOf(config.datasinks),
    frames: config.model.frames,
    memory_limit: memoryLimit(config),
  };
}

/**
 * Finds the folders from which code of a model imports.
 *
 * @param config The configuration.
 * @param module The URL of the module.
 * @param base The configuration file.
 * @param host What the runtime can do.
 *
 * @returns Paths, the first first.
 */
export function rootsOf(config: Config, module: URL, base: URL, host: Host): string[] {
  const path = fileURLToPath(module);
  const [beside, project] = [dirname(path), dirname(fileURLToPath(base))];
  // A name with dots begins in the project's folder; any other is that of a file, whose neighbours it imports.
  const isDotted = /^\w+(\.\w+)+$/.test(config.model.module) && !path.endsWith(config.model.module);
  const working = host.files ? [fileURLToPath(host.files.cwd).replace(/(.)[/\\]$/, "$1")] : [];
  return [...new Set([...(isDotted ? [project, beside] : [beside, project]), ...working])];
}

/** What a model may know of its data: no addresses, and no secrets. */
export function entriesOf(entries: Config["datasources"]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, { type, tags, options, expires }]) => [
      name,
      { type, tags: [...tags], options: toPlain(options ?? {}), expires: expires ?? 0 },
    ]),
  );
}

const units: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

function memoryLimit(config: Config): number | undefined {
  const limit = config.model.memory_limit;
  if (limit === undefined || typeof limit === "number") return limit;
  const [, number = "", unit = "", binary] = /^([\d.]+) ?([KMGT])(i)?B$/i.exec(limit) ?? [];
  const size = binary ? 1024 ** "KMGT".indexOf(unit.toUpperCase()) * 1024 : (units[unit.toUpperCase()] ?? 1);
  return Math.floor(Number(number) * size);
}

/**
 * Refuses a model in another language where a package is to run without it.
 *
 * @param title The language: "Python".
 * @param config The configuration.
 * @param target What is built for.
 *
 * @returns Why, and the way out.
 */
export function refusePackage(title: string, config: Config, target: string): string {
  const way =
    title === "Python"
      ? ' Write "export: skops" below model (or onnx, xgboost, lightgbm, catboost) and train it again: the file that its library ' +
        "writes is stored instead of a pickle, and predicts without Python."
      : "";
  return (
    `${whereIs(config, ["model", "module"])}: model.module: expected a model that runs for ${target} without ${title}, found ` +
    `one in ${title}.${way} Where ${title} is installed, launchpad api serves it as it is.`
  );
}
