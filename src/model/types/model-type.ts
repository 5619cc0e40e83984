import type { Config } from "../../config/types.ts";
import type { Host, ModelOrigin } from "../../host.ts";
import type { Model } from "../define.ts";

/**
 * Type of model that is no module of TypeScript or JavaScript: a program in another language, or a file that another
 * library wrote. `model.module` names its file; the ending, or `model.type`, says which type it is.
 */
export interface ModelType {
  /** Name in `model.type`: `python`, `xgboost`. */
  readonly name: string;
  /** What it is, for messages: "Python", "XGBoost (JSON or UBJSON)". */
  readonly title: string;
  /** Endings of its files, with the dot. A module that is named without one is looked for with each of them. */
  readonly extensions: readonly string[];
  /** Whether `model.module` may name it without its ending, as that of a program: `tree_model` for tree_model.py. */
  readonly isCode?: boolean;
  /** Finds the file in the configuration, where that names it otherwise than by `model.module`. */
  claims?(config: Config): string | undefined;
  /** Tells from the first bytes whether a file is of this type, where several types have its ending. */
  recognizes?(bytes: Uint8Array): boolean;
  /**
   * Opens a model. It must not take long: what does is left to `ready`.
   *
   * @throws MODULE_INVALID, MODEL_FILE_INVALID, MODEL_FILE_UNSUPPORTED, CONFIG_INVALID.
   */
  open(context: ModelTypeContext): OpenModel | Promise<OpenModel>;
}

/** What a model of some type is opened with. */
export interface ModelTypeContext {
  readonly config: Config;
  readonly host: Host;
  /** The `file:` URL of what `model.module` names. */
  readonly module: URL;
  /** Its path, for messages. */
  readonly where: string;
  /** The configuration file in which `model.module` stands, or the working folder. */
  readonly base: URL;
  /** To be told of files that the model is made of besides its module, before they are read: a change of them is followed. */
  readonly onFile: (file: URL) => void;
}

/** Model that was opened, and what belongs to it for as long as it is. */
export interface OpenModel {
  readonly model: Model;
  /** Finds what the model is made of, for its metadata. */
  describe?(): Promise<ModelOrigin>;
  /** Ends what the model has started. */
  close?(): Promise<void>;
  /**
   * Module that stands for the model in a package, where its file is none that could be bundled: TypeScript whose default export
   * predicts. It imports Launchpad's sources by `launchpad-sources:` and their path.
   *
   * @param config The configuration of the package.
   */
  packageSource?(config: object): string;
  /**
   * Why `launchpad build` cannot put it into a package for a target, and the way out; undefined if it can. Absent where it
   * always can.
   */
  refusePackage?(target: string): string | undefined;
}
