import type { ApiDefinition } from "../api/definition.ts";
import type { RowOutcome } from "../lifecycle/predict-rows.ts";
import type { Logger } from "../log.ts";
import type { BodyLimits } from "./body/limits.ts";
import type { Admin } from "./endpoints/admin.ts";
import type { DocumentationOptions } from "./endpoints/docs.ts";
import type { Jobs } from "./jobs/jobs.ts";
import type { Compress } from "./middleware/compression.ts";
import type { Cors } from "./middleware/cors.ts";
import type { Doors } from "./middleware/doors.ts";
import type { Middleware } from "./middleware/fold.ts";
import type { Forwarded } from "./middleware/forwarded.ts";
import type { Observers } from "./middleware/instrument.ts";
import type { StaticFiles } from "./middleware/static-files.ts";
import type { Telemetry } from "./middleware/telemetry.ts";
import type { WithTimeout } from "./middleware/timeout.ts";
import type { PagesOptions } from "./pages/options.ts";
import type { ProtocolEndpoints } from "./protocols/endpoint.ts";
import type { AnsweringModel, Awaitable, Handlers, HeaderPolicy, PredictOptions } from "./request-context.ts";
import type { DriftState } from "./watch/drift-state.ts";
import type { FeedbackDesk } from "./watch/feedback.ts";
import type { RolloutState } from "./watch/rollout-state.ts";

/** One prediction for a request, when it is done. */
export interface PredictionEvent {
  /** Template of the path. */
  readonly route: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Model that answered, if it was known by then. */
  readonly model: AnsweringModel | undefined;
  /** Prediction, as JSON has it; absent if there is an error. */
  readonly prediction?: unknown;
  readonly error?: unknown;
  readonly context: Pick<PredictOptions, "waitUntil">;
}

/** Hook that is called after each prediction; it must not throw, and nobody waits for it. */
export type PredictionHook = (event: PredictionEvent) => void;

/** What an API is made of. */
export interface ApiOptions extends Observers {
  readonly definition: ApiDefinition;
  /** `/<api.name>/v<major of model.version>`; no slash at the end. */
  readonly basePath: string;
  /** Makes one prediction. */
  predict(args: Record<string, unknown>, options: PredictOptions): Awaitable<unknown>;
  /** Makes predictions of rows, n for n, in their order; by `predict`, one by one, unless told. */
  predictRows?(
    rows: readonly Record<string, unknown>[],
    options: PredictOptions,
    /** Place of each among the rows of the request, from 0: its predictions are known by it. */
    places: readonly number[],
  ): Promise<readonly RowOutcome[]>;
  /** Names the predictions of rows before the first is made, for a response that begins earlier. */
  readonly identifyRows?: ((options: PredictOptions) => void) | undefined;
  /** Makes the prediction of a row that comes alone, where nobody has to be told; by `predictRows` unless told. */
  readonly predictAlone?: ApiOptions["predict"] | undefined;
  /** How much one batch may be: rows (10 million unless told), and bytes (10 GiB); false where there are none. */
  readonly batch?:
    | { readonly maxRows?: number | undefined; readonly maxBytes?: number | undefined }
    | false
    | undefined;
  /** Whether `predict` checks what it returns, so that the definition's schemas of results need not be asked again. */
  readonly resultIsChecked?: boolean;
  /** Rejects with a LaunchpadError for as long as there is no model to predict with. */
  ready(options: Pick<PredictOptions, "waitUntil">): Promise<void>;
  /** Whether the model that serves could not be followed by a newer one. */
  failing?(): boolean;
  /** What whoever bears the token may do; without it there is nothing below `/admin`. */
  readonly admin?: Admin | undefined;
  /** What is said at `/openapi.json` and `/docs`; without it there is neither. */
  readonly documentation?: DocumentationOptions | undefined;
  /** What pages for people are made of; without it there is nothing at `/`. */
  readonly pages?: PagesOptions | undefined;
  /** Called after each prediction. */
  readonly onPrediction?: PredictionHook | undefined;
  /** Spans of requests. */
  readonly telemetry?: Telemetry | undefined;
  /** Name of the model, by which callers are limited to it. */
  readonly model?: string | undefined;
  /** What lets callers in: asked when it is known what they ask. */
  readonly guard?: Middleware | undefined;
  /** What says who gives out tokens, by path. */
  readonly guardEndpoints?: Readonly<Record<string, Handlers>> | undefined;
  /** Ways in which a caller can say who they are, as documents name them. */
  readonly schemes?: Doors["schemes"] | undefined;
  /** Reads what proxies say, where any is trusted. */
  readonly forwarded?: Forwarded | undefined;
  /** Headers that responses have besides those of their content. */
  readonly headers?: HeaderPolicy | undefined;
  /** Other protocols in which models are asked here. */
  readonly protocols?: ProtocolEndpoints | undefined;
  /** Answers in their own time. */
  readonly jobs?: Jobs | undefined;
  readonly log: Logger;
  /** The largest request body, in bytes; 10 MiB unless told. */
  readonly maxBodyBytes?: number | undefined;
  /** What a body may be besides. */
  readonly bodyLimits?: BodyLimits | undefined;
  /** What happens to parameters that are not described; they are refused, unless told. */
  readonly unknownParameters?: "refuse" | "ignore" | undefined;
  /** What happens to a result that does not fit what is said of the response: it is an error, unless told. */
  readonly results?: "check" | "warn" | "off" | undefined;
  /** Whether arguments that a request may leave out, and does, are null; they are absent unless told. */
  readonly nulls?: boolean | undefined;
  /** The URL of the page about errors, to which `type` of a problem leads. */
  readonly problemTypes?: string | undefined;
  /** Gives requests up that take too long. */
  readonly withTimeout?: WithTimeout | undefined;
  /** Which pages of other origins may ask. */
  readonly cors?: Cors | undefined;
  /** Answers where nothing else does. */
  readonly files?: StaticFiles | undefined;
  readonly compress?: Compress | undefined;
  /** Gives the text of `/metrics`, where other processes have numbers of their own. */
  readonly allMetrics?: (() => Promise<string>) | undefined;
  /** Gives more text for `/metrics`, which is made when somebody asks. */
  readonly moreMetrics?: ((labels?: Readonly<Record<string, string>>) => Promise<string>) | undefined;
  /** Gives what is known of drift. */
  readonly drift?: (() => Promise<DriftState>) | undefined;
  /** Gives what is known of the models that are tried. */
  readonly rollout?: (() => Promise<RolloutState>) | undefined;
  /** Takes what came true of predictions. */
  readonly feedback?: FeedbackDesk | undefined;
  /** The token that requests for `/metrics` must bear, if there are metrics. */
  readonly metricsToken?: string | undefined;
  /** Makes a response; `new Response` unless told. */
  respond?: ((body: BodyInit | null, init: ResponseInit) => Response) | undefined;
}
