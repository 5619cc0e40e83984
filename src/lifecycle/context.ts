import type { GenericSchema } from "valibot";
import type { Config } from "../config/types.ts";
import type { Data } from "../data/access/create-data.ts";
import type { Host } from "../host.ts";
import type { Codec, Model } from "../model/define.ts";
import { plainCodec } from "../store/contents/codec.ts";
import type { Meta, Store, StoreReader } from "../store/types.ts";
import type { Json } from "../util/json.ts";

/** What callers of a model rely on, as the lifecycle sees it: it knows no API. */
export interface Contract {
  /** What the API offers: kept in the metadata, to be compared with. */
  readonly definition: Json;
  /** Finds what a caller of an earlier definition could not do any more, a line each. */
  breaks(before: Json): readonly string[];
  /** What its lines call the model's output; undefined where it describes its results by itself. */
  readonly output: string | undefined;
  /** What a request names: the inputs of the model. */
  readonly inputs: readonly ContractInput[];
}

/** One input, as the lifecycle sees it. */
export interface ContractInput {
  readonly name: string;
  readonly required: boolean;
  readonly isText: boolean;
}

/** Describes what a model lets out by its `output`. */
export interface Outputs {
  /** Creates the JSON Schema of what a schema of valibot lets out. */
  describe(output: GenericSchema): Promise<Json>;
  /** Finds what can come by a new JSON Schema that could not come by an earlier one, a line each; `at` begins them. */
  compare(before: Json, after: Json, at: string): readonly string[];
}

/** What predicting works with. */
export interface Context {
  readonly config: Config;
  readonly model: Model;
  readonly host: Host;
  readonly data: Data;
  /** Opens the model store, once. */
  store(): Promise<StoreReader>;
  /** Where the API answers, if there is one: `/iris/v0`. */
  readonly basePath: string | undefined;
}

/** What the verbs work with that make a model, or add to what is known of it. */
export interface TrainingContext extends Context {
  store(): Promise<Store>;
  /** The contract of the API, if there is one. API_INVALID when it is not as it should be. */
  contract(): Promise<Contract | undefined>;
  readonly outputs: Outputs;
  /** Fails when what is trained now could not be signed, or not be loaded again. */
  checkSigning(): Promise<void>;
}

/** Predictions that have begun with contents that can be closed. */
export interface ContentsUse {
  count: number;
  /** Closes them, once there are none; undefined while they serve. */
  close: (() => void) | undefined;
}

/** A model that was trained or loaded, ready to predict. */
export interface Loaded {
  readonly contents: unknown;
  /** Undefined for contents that were never stored. */
  readonly meta: Meta | undefined;
  /** Whether the training called `orderColumns`. */
  readonly columnsOrdered: boolean;
  /** The columns that it ordered, for each set of them; undefined where that is not known. */
  readonly orderedColumns?: readonly (readonly string[])[];
  /** Set once prediction has been told whether it should call `orderColumns`, too. */
  columnsChecked?: boolean;
  /** What is in use of it, once that is known; null where the contents need not be closed. */
  use?: ContentsUse | null;
}

/** The three functions of a model. */
export type Action = "train" | "test" | "predict";

/**
 * Creates the name under which messages speak of a model.
 *
 * @param config The configuration.
 *
 * @returns `iris 0.0.2`.
 */
export function modelLabel(config: Config): string {
  return `${config.model.name} ${config.model.version}`;
}

/**
 * Creates the version of an API from that of its model.
 *
 * @param version The version of a model, `0.0.2`.
 *
 * @returns `v0`.
 */
export function majorOf(version: string): string {
  return `v${Number.parseInt(version, 10)}`;
}

/**
 * Creates the codec that a model's contents go through.
 *
 * @param model The model.
 *
 * @returns The model's own codec, or the default one for plain data.
 */
export function codecOf(model: Model): Codec<unknown> {
  return model.codec ?? plainCodec;
}
