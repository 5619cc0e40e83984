import type { Config } from "../../../config/types.ts";
import { LaunchpadError } from "../../../errors.ts";
import { plainCodec } from "../../../store/contents/codec.ts";
import type { Codec, Sample } from "../../define.ts";
import type { AnyFileModel, FileModel } from "../file-model.ts";
import { type FileOptions, featureNames, readFileOptions } from "./options.ts";
import { explains } from "./schemas.ts";

/** Contents of a model that a file of another library made: the model, and what answering needs besides. */
export interface FileContents<Read extends AnyFileModel = FileModel> {
  readonly model: Read;
  readonly options: FileOptions;
  /** Names of the features in the API. */
  readonly names: readonly string[];
  /** Labels of the classes: those of the configuration before those of the file. */
  readonly labels: readonly (string | number | boolean)[] | undefined;
  /** Name of the prediction in answers. */
  readonly target: string;
  readonly explains: boolean;
  /** What whoever wrote the file knows, and the file does not say. */
  readonly told: Told;
  /** Predictions that every runtime must reproduce before it serves. */
  readonly samples: readonly Sample[];
}

/** Names that a file leaves out: those of the data frame that an estimator was trained on, labels that were encoded. */
export interface Told {
  /** Names of the features in the order of the file. */
  readonly features?: readonly string[];
  /** Labels of the classes in the order of the file. */
  readonly classes?: readonly (string | number | boolean)[];
}

/**
 * Contents of a model.
 *
 * @param model The model that was read from a file, or came back from the store.
 * @param config The configuration.
 * @param samples Predictions that every runtime must reproduce.
 * @param told Names that the file leaves out; those of the configuration go before them.
 *
 * @returns The contents.
 *
 * @throws CONFIG_INVALID when keys of the `model` section do not fit the model.
 */
export function fileContents<Read extends AnyFileModel>(
  model: Read,
  config: Config,
  samples: readonly Sample[] = [],
  told: Told = {},
): FileContents<Read> {
  const options = readFileOptions(config);
  const names = options.features === undefined && told.features ? told.features : featureNames(model, options, config);
  const labels = model.classes && (options.classes ?? told.classes ?? model.classes);
  if (model.classes && labels?.length !== model.classes.length) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `model.classes: expected ${model.classes.length} labels, as many as the model has classes, found ${labels?.length}.`,
    );
  }
  const target = options.target ?? "prediction";
  return { model, options, names, labels, target, explains: explains(model, names, options), told, samples };
}

/** What is stored: the compact form of the model, and its samples. */
interface Stored {
  readonly format: string;
  readonly model: unknown;
  readonly samples: readonly Sample[];
  /** Absent where the file says everything. */
  readonly told?: Told;
}

/** Format as far as models of it come back from a store. */
export interface Restoring<Read> {
  readonly name: string;
  readonly title: string;
  restore(contents: unknown): Read | Promise<Read>;
}

/**
 * Codec of models in files of one format.
 *
 * @param format The format.
 * @param config The configuration.
 *
 * @returns The codec: contents are data, nothing of them is run.
 */
export function fileCodec<Read extends AnyFileModel>(
  format: Restoring<Read>,
  config: Config,
): Codec<FileContents<Read>> {
  return {
    encode: ({ model, samples, told }) =>
      plainCodec.encode({
        format: format.name,
        model: model.contents,
        samples,
        ...(Object.keys(told).length > 0 && { told }),
      } satisfies Stored),
    async decode(bytes) {
      const stored = (await plainCodec.decode(bytes)) as Stored;
      if (stored?.format !== format.name) {
        throw new LaunchpadError(
          "CODEC_FAILED",
          `expected a stored model of ${format.title}, found ${JSON.stringify(stored?.format)}. Train it again.`,
        );
      }
      return fileContents(await format.restore(stored.model), config, stored.samples, stored.told);
    },
  };
}
