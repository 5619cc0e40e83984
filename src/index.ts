// What authors of models and embedders import: `mllaunchpad`. Types of data and of models take theirs from ./plugin.ts.

export {
  type ApiDefinition,
  type Method,
  openDefinition,
  type Parameter,
  type ParameterStyle,
  type Resource,
} from "./api/definition.ts";
export { type OpenApiOptions, readOpenApi } from "./api/read/openapi.ts";
export { type RamlOptions, readRaml } from "./api/read/raml.ts";
export { type Combinable, type CombineOptions, combine } from "./combine.ts";
export { defineConfig } from "./config/define.ts";
export { loadAnyConfig, loadConfig } from "./config/load.ts";
export type {
  ApiConfig,
  Config,
  DataConfig,
  DbmsConfig,
  ModelConfig,
  ModelStoreConfig,
  ProjectsConfig,
  ServerConfig,
} from "./config/types.ts";
export { defineSink, defineSource, type Plugin } from "./data/access/plugin.ts";
export { concatFrames, createFrame, frameFromRows, isFrame } from "./data/frame/frame.ts";
export type {
  Cell,
  Column,
  ColumnInput,
  ColumnSummary,
  DType,
  Frame,
  Params,
  Row,
  Sink,
  Source,
} from "./data/types.ts";
export { type ErrorCode, type Fault, isLaunchpadError, LaunchpadError, messageOf } from "./errors.ts";
export type {
  Content,
  DataLocation,
  FileStat,
  Files,
  Host,
  LocationSettings,
  ModelOrigin,
  OpenDataLocation,
  Parts,
  Peers,
  RuntimeInfo,
} from "./host.ts";
export { type AboutApi, createLaunchpad, type Launchpad, type LaunchpadOptions } from "./launchpad.ts";
export type { RefreshOptions } from "./lifecycle/active-model.ts";
export type { PredictOptions } from "./lifecycle/predict.ts";
export type { MissedGate } from "./lifecycle/train/gates.ts";
export type { RetestOptions } from "./lifecycle/train/retest.ts";
export type { Phase, Trained, TrainOptions } from "./lifecycle/train/train.ts";
export { createLogger, type Logger, type LoggerName, type LogLevel, silentLogger } from "./log.ts";
export {
  type Args,
  type Codec,
  defineModel,
  type Metrics,
  type Model,
  type ModelContext,
  type ModelDefinition,
  type ModelHooks,
  type Sample,
  type TraceHeaders,
  type TrainContext,
} from "./model/define.ts";
export { defineModelType } from "./model/types/plugin.ts";
export type { JsonSchema } from "./schema/json-schema.ts";
export type { Execution } from "./server/request-context.ts";
export type { Described, ModelService } from "./service.ts";
export type { LazyStore } from "./store/lazy-store.ts";
export type {
  Meta,
  ModelList,
  ModelVersions,
  NewMeta,
  Promotion,
  RunEntry,
  RunName,
  Store,
  StoredModel,
  Verification,
  VersionOverview,
} from "./store/types.ts";
export type { Json } from "./util/json.ts";
export { version } from "./version.ts";
