import { whereIs } from "../../../config/source-map.ts";
import { isLaunchpadError, LaunchpadError, messageOf } from "../../../errors.ts";
import { openStore } from "../../../store/open-store.ts";
import type { HostModel } from "../../host/host-model.ts";
import type { FileContents } from "../file/contents.ts";
import { fileCodec } from "../file/contents.ts";
import { packageSourceOf } from "../file/package-source.ts";
import { formats, type KnownFormat } from "../formats.ts";
import type { ModelTypeContext, OpenModel } from "../model-type.ts";
import { createExportedModel } from "./exported-model.ts";

/**
 * Finds the format that `model.export` names.
 *
 * @param context The configuration.
 *
 * @returns The format; undefined where nothing is exported.
 */
export function exportFormat({ config }: Pick<ModelTypeContext, "config">): KnownFormat | undefined {
  return formats.find(({ format }) => format.name === config.model.export);
}

/**
 * Opens a model that another language trains, and that is served from the file of its library.
 *
 * @param host What trains it.
 * @param known The format of the file.
 * @param context The configuration.
 *
 * @returns The model, and what a package of it is made of.
 */
export async function openExported(
  host: HostModel,
  known: KnownFormat,
  context: ModelTypeContext,
): Promise<Pick<OpenModel, "model" | "packageSource">> {
  if (context.config.model.engine === "onnxruntime") {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${whereIs(context.config, ["model", "engine"])}: model.engine: found onnxruntime beside model.export, expected portable: what is exported is proved by the reader that serves it. Leave out one of them.`,
    );
  }
  return {
    model: createExportedModel(host, known, context, await currentContents(known, context)),
    packageSource: (config) => packageSourceOf(known.format, known.restore, config),
  };
}

/** What serves says what the API takes; whether it can serve at all is told when it is to. */
async function currentContents({ format }: KnownFormat, context: ModelTypeContext): Promise<FileContents | undefined> {
  const { config, host } = context;
  const { name, version, serve } = config.model;
  try {
    const store = await openStore(config, host);
    try {
      const stored = serve
        ? await store.loadRun(await store.resolve(`${name}@${serve}`))
        : await store.load(name, version);
      return stored && (await fileCodec(format, config).decode(stored.contents));
    } finally {
      await store.close();
    }
  } catch (error) {
    if (isLaunchpadError(error) && error.code === "CONFIG_INVALID") throw error;
    host.log.child("model").debug(`what the API takes is not known yet: ${messageOf(error)}`);
    return undefined;
  }
}

/**
 * Says why a module cannot be exported, in a language that does not.
 *
 * @param context The configuration.
 * @param title The language.
 *
 * @throws CONFIG_INVALID where `model.export` is set.
 */
export function refuseExport({ config }: Pick<ModelTypeContext, "config">, title: string): void {
  if (config.model.export === undefined) return;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${whereIs(config, ["model", "export"])}: model.export: expected a model in Python, which is exported as the file of its library, ` +
      `found ${title}. Remove model.export.`,
  );
}
