import { basename } from "node:path";
import { LaunchpadError, type ModelType, mlmodelName, notRead, readMlmodel } from "../../src/internal.ts";
import { findFile } from "../modules/load.ts";

/** File of a model of MLflow, and the type that reads it. */
export interface MlflowModel {
  readonly file: URL;
  readonly type: ModelType;
}

/** Whether a URL is that of a description of a model by MLflow. */
export const isMlmodel = (url: URL): boolean => basename(url.pathname) === mlmodelName;

/**
 * Finds the description of a model by MLflow.
 *
 * @param specifier What a configuration says: the folder, or the file in it.
 * @param base The configuration file.
 *
 * @returns Its URL; undefined if there is none.
 */
export function findMlmodel(specifier: string, base: URL): URL | undefined {
  const file = findFile(specifier, base, [""]);
  return file && isMlmodel(file) ? file : findFile(`${specifier.replace(/[\\/]+$/, "")}/${mlmodelName}`, base, [""]);
}

/**
 * Reads which model file a folder of MLflow holds.
 *
 * @param mlmodel The URL of its `MLmodel`.
 * @param where Its name, for messages.
 * @param types Types of models.
 * @param wanted Type that the configuration names, if it names one.
 * @param read Reads a file.
 *
 * @returns The file, and the type that reads it.
 *
 * @throws MODEL_FILE_INVALID, MODEL_FILE_UNSUPPORTED naming the format that is not read, and the way out.
 */
export async function mlflowModel(
  mlmodel: URL,
  where: string,
  types: readonly ModelType[],
  wanted: string | undefined,
  read: (url: URL) => Promise<Uint8Array>,
): Promise<MlflowModel> {
  const named = readMlmodel(new TextDecoder().decode(await read(mlmodel)), mlmodel, where, wanted);
  const file = new URL(named.path.split(/[\\/]/).map(encodeURIComponent).join("/"), mlmodel);
  const type = types.find(({ name }) => name === named.type);
  if (type === undefined) throw new LaunchpadError("INTERNAL", `expected a model type ${named.type}, found none`);
  // Old flavours say nothing of the format: XGBoost's was binary.
  if (type.recognizes && !type.recognizes(await read(file))) {
    throw notRead(where, named.path, `none of ${type.title}`, named.rewrite);
  }
  return { file, type };
}
