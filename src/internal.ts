// What runtimes/ imports: no entry point of the package, and free to change.

export { type ExampleRequest, exampleRequest } from "./api/example-request.ts";
export { loadIncluded } from "./api/read/file/load.ts";
export { sampleArgs } from "./api/validation/sample-args.ts";
export { type ApiFileOptions, generateApiFile } from "./api/write/generate.ts";
export { type CsvStream, openCsvStream } from "./batch/csv-stream.ts";
export type { Batch } from "./batch/open-batch.ts";
export { type BadRow, type Counts, type ScoreOptions, scoredFrames } from "./batch/score-frames.ts";
export { faultOf, type RowFault, type ScoredFrame, type ScoreHow, type Scorer } from "./batch/scorer.ts";
export { cycloneDx } from "./card/cyclone-dx.ts";
export { type Card, type CardData, cardOf } from "./card/facts.ts";
export { huggingFaceCard } from "./card/hugging-face.ts";
export { type CardConfig, cardConfigOf } from "./config/card.ts";
export { parseDuration } from "./config/duration.ts";
export { namePattern, nameRule } from "./config/names.ts";
export { baseOf, whereIs } from "./config/source-map.ts";
export { filledSection } from "./config/variables.ts";
export { createData, type Data } from "./data/access/create-data.ts";
export { type DataType, dataTypes, dbmsOf, servedType } from "./data/access/registry.ts";
export { typeOfPath, type Unnamed } from "./data/access/unnamed.ts";
export { formatDate } from "./data/csv/dates/format-date.ts";
export { frameDigest } from "./data/frame/digest.ts";
export { openLocation } from "./data/location/open-location.ts";
export { databaseScheme } from "./data/sql/address.ts";
export { type D1Database, type D1Statement, d1Dialect } from "./data/sql/dialects/d1.ts";
export { type BuiltInDialect, builtInDialects } from "./data/sql/dialects.ts";
export { toPlain } from "./data/to-json.ts";
export * from "./index.ts";
export { type PromotionCheck, refusalOf } from "./lifecycle/train/promotion-check.ts";
export { loggerNames } from "./log.ts";
export { modelFrom } from "./model/define.ts";
export { createCallbacks } from "./model/host/callbacks.ts";
export { type FrameHeader, packFrame, unpackFrame } from "./model/host/columns.ts";
export { checkPickle, readContents } from "./model/host/contents.ts";
export { createMessageReader, encodeMessage, type Message } from "./model/host/message.ts";
export { exportFormat, openExported, refuseExport } from "./model/types/exported/open-exported.ts";
export { mlmodelName, notRead, readMlmodel } from "./model/types/mlflow/mlmodel.ts";
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
export * from "./plugin.ts";
export type { JobMessage } from "./server/jobs/jobs.ts";
export { type ApiKey, createApiKey } from "./server/middleware/auth/create-api-key.ts";
export { type Combined, type CombinedSetup, createCombined, type GrowingCombined } from "./server/models/combined.ts";
export type { ModelApi } from "./server/models/model-api.ts";
export type { ModelEntry, ServableModel } from "./server/models/model-member.ts";
export type { ModelLimits } from "./server/models/model-set.ts";
export type { ServedModel, ServedModels } from "./server/models/served-models.ts";
export type { PageModels } from "./server/models/shared-pages.ts";
export { createHistory } from "./server/pages/history.ts";
export { type PageModel, type PageRun, type PagesHistory, pageModel } from "./server/pages/model-page.ts";
export { unreadableProblem } from "./server/problem.ts";
export type { DriftState } from "./server/watch/drift-state.ts";
export type { ProductionState } from "./server/watch/feedback.ts";
export type { RolloutState } from "./server/watch/rollout-state.ts";
export { plainCodec } from "./store/contents/codec.ts";
export { openStore } from "./store/open-store.ts";
export { type Difference, diffMeta, type MetaDifference } from "./store/runs/diff.ts";
export { servingMeta } from "./store/runs/serving-meta.ts";
export { generateSigningKeys, type SigningKeys } from "./store/signing/signature.ts";
export { canonicalJson } from "./util/canonical-json.ts";
export { formatLocation, locate } from "./util/paths.ts";
export { staysOutside } from "./util/private-host.ts";
export { redact } from "./util/redact.ts";
export { didYouMean, enumerate } from "./util/suggest.ts";
