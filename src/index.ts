export {
  type ApiDefinition,
  type Method,
  openDefinition,
  type Parameter,
  type ParameterStyle,
  type Resource,
} from "./api/definition.ts";
export { type ExampleRequest, exampleRequest } from "./api/example-request.ts";
export { loadIncluded } from "./api/read/file/load.ts";
export { type OpenApiOptions, readOpenApi } from "./api/read/openapi.ts";
export { type RamlOptions, readRaml } from "./api/read/raml.ts";
export { sampleArgs } from "./api/validation/sample-args.ts";
export { type ApiFileOptions, generateApiFile } from "./api/write/generate.ts";
export type { Batch } from "./batch/open-batch.ts";
export { type BadRow, type Counts, type ScoreOptions, scoredFrames } from "./batch/score-frames.ts";
export { faultOf, type RowFault, type ScoredFrame, type Scorer } from "./batch/scorer.ts";
export { cycloneDx } from "./card/cyclone-dx.ts";
export { type Card, type CardData, cardOf } from "./card/facts.ts";
export { huggingFaceCard } from "./card/hugging-face.ts";
export { type Combinable, type CombineOptions, combine } from "./combine.ts";
export { type CardConfig, cardConfigOf } from "./config/card.ts";
export { defineConfig } from "./config/define.ts";
export { parseDuration } from "./config/duration.ts";
export { loadAnyConfig, loadConfig } from "./config/load.ts";
export { namePattern, nameRule } from "./config/names.ts";
export { baseOf, whereIs } from "./config/source-map.ts";
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
export { createData, type Data } from "./data/access/create-data.ts";
export { type Expected, expected, type OptionReader, readOptions } from "./data/access/options.ts";
export { defineSink, defineSource, type Plugin, pluginsFrom } from "./data/access/plugin.ts";
export { type DataType, dataTypes } from "./data/access/registry.ts";
export { typeOfPath, type Unnamed } from "./data/access/unnamed.ts";
export { concatFrames, createFrame, frameFromRows, isFrame } from "./data/frame/frame.ts";
export { type Location, type LocationParts, openLocation } from "./data/location/open-location.ts";
export { databaseScheme } from "./data/sql/address.ts";
export { type D1Database, type D1Statement, d1Dialect } from "./data/sql/dialects/d1.ts";
export { type BuiltInDialect, builtInDialects } from "./data/sql/dialects.ts";
export { toPlain } from "./data/to-json.ts";
export type {
  Cell,
  Column,
  ColumnInput,
  ColumnSummary,
  DType,
  Frame,
  OpenContext,
  Params,
  ReadRequest,
  Row,
  Sink,
  SinkDriver,
  SinkType,
  Source,
  SourceDriver,
  SourceType,
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
export { type PromotionCheck, refusalOf } from "./lifecycle/train/promotion-check.ts";
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
  modelFrom,
  type Sample,
  type TraceHeaders,
  type TrainContext,
} from "./model/define.ts";
export type { Child, ChildEvents, StartChild } from "./model/host/child.ts";
export { createHostModel, type HostModel, type HostModelOptions } from "./model/host/host-model.ts";
export { exportFormat, openExported, refuseExport } from "./model/types/exported/open-exported.ts";
export type { ModelType, ModelTypeContext, OpenModel } from "./model/types/model-type.ts";
export { defineModelType, modelTypesFrom } from "./model/types/plugin.ts";
export { portableTypes } from "./model/types/table.ts";
export type { FieldDrift } from "./monitoring/drift/compare.ts";
export { type Counted, createDriftCounter, type DriftCounter, mergeCounted } from "./monitoring/drift/counted.ts";
export { type DriftReport, reportDrift } from "./monitoring/drift/report.ts";
export {
  addOutcome,
  noOutcomes,
  outcomeOf,
  type ProductionCounts,
  type ProductionMetrics,
  productionMetrics,
} from "./monitoring/log/production.ts";
export { outputsOf } from "./monitoring/profile/outputs.ts";
export type { FieldProfile, Profile } from "./monitoring/profile/types.ts";
export { createPackaged, type Packaged, type PackagedLaunchpad } from "./packaged.ts";
export type { JsonSchema } from "./schema/json-schema.ts";
export { type ApiKey, createApiKey } from "./server/middleware/auth/create-api-key.ts";
export { type Combined, type CombinedSetup, createCombined, type GrowingCombined } from "./server/models/combined.ts";
export type { ModelEntry, ServableModel } from "./server/models/model-member.ts";
export type { ModelLimits } from "./server/models/model-set.ts";
export type { ServedModel, ServedModels } from "./server/models/served-models.ts";
export { createHistory } from "./server/pages/history.ts";
export { type PageModel, type PageRun, type PagesHistory, pageModel } from "./server/pages/model-page.ts";
export { unreadableProblem } from "./server/problem.ts";
export type { Execution } from "./server/request-context.ts";
export type { DriftState } from "./server/watch/drift-state.ts";
export type { Described, ModelService } from "./service.ts";
export { plainCodec } from "./store/contents/codec.ts";
export type { LazyStore } from "./store/lazy-store.ts";
export { openStore } from "./store/open-store.ts";
export { type Difference, diffMeta, type MetaDifference } from "./store/runs/diff.ts";
export { servingMeta } from "./store/runs/serving-meta.ts";
export { generateSigningKeys, type SigningKeys } from "./store/signing/signature.ts";
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
export { canonicalJson } from "./util/canonical-json.ts";
export type { Json } from "./util/json.ts";
export { formatLocation, locate } from "./util/paths.ts";
export { staysOutside } from "./util/private-host.ts";
export { redact } from "./util/redact.ts";
export { bytesOf, encodeUtf8 } from "./util/streams.ts";
export { didYouMean, enumerate } from "./util/suggest.ts";
export { version } from "./version.ts";
