import type { ApiDefinition } from "../../api/definition.ts";
import type { ActiveModel } from "../../lifecycle/active-model.ts";
import type { ApiOptions } from "../api-options.ts";
import type { Api } from "../handler.ts";

/** API of a model: what it offers, and what answers. */
export interface ModelApi extends Api {
  readonly definition: ApiDefinition;
  /** Whether results are those of the model's own schema, which the lifecycle checks already. */
  readonly resultIsChecked: boolean;
  /** Path that its resources are below: `/iris/v0`. */
  readonly basePath: string;
  /** What it is made of: what predicts, and how requests are handled. */
  readonly options: ApiOptions;
  /** Looks for other runs that are asked beside the one that serves. */
  look(): Promise<void>;
  /** Opens what answers need besides the model. */
  prepare(): Promise<void>;
  /** Writes what waits to be written. */
  close(): Promise<void>;
  /** The model that serves, following the store. */
  readonly serving: Omit<ActiveModel, "close">;
}
