import { type Signature, signatureOf } from "../../api/signature.ts";
import { LaunchpadError } from "../../errors.ts";
import type { Json } from "../../util/json.ts";
import { percentDecoded } from "../../util/percent.ts";
import { truncateText } from "../../util/truncate.ts";
import { defaultMaxBytes } from "../body/bytes.ts";
import type { ModelApi } from "../models/model-api.ts";
import type { ServedModel } from "../models/served-models.ts";
import type { RequestContext } from "../request-context.ts";
import { createRowPredictor } from "../row-predictor.ts";
import { limitRows } from "./max-rows.ts";
import type { ProtocolServer } from "./protocol.ts";

/** Model that a request asks for. */
export interface AskedModel {
  readonly served: ServedModel;
  readonly signature: Signature;
  /** Largest body, in bytes. */
  readonly maxBytes: number;
  /** Its API. */
  readonly api: ModelApi;
  /** Lets in whom the model's own configuration names. Throws UNAUTHORIZED, FORBIDDEN, and what its limits say. */
  admit(context: RequestContext): Promise<void>;
  /**
   * Predicts rows: as many predictions, in their order.
   *
   * @throws The first error of a row: a response is for all of them, or for none.
   */
  predict(rows: readonly unknown[], context: RequestContext): Promise<Json[]>;
}

type Opened = Omit<AskedModel, "served">;

/** What is made once for each model, for as long as it is open. */
const opened = new WeakMap<ModelApi, Opened>();

/**
 * Finds the model that a request asks for.
 *
 * @param server The models.
 * @param path The parameters of the path: `model`, and `version` where it has one.
 *
 * @returns The model, opened.
 *
 * @throws NOT_FOUND; and what keeps the model from being opened.
 */
export async function askedModel(
  { models }: Pick<ProtocolServer, "models">,
  path: Readonly<Record<string, string>>,
): Promise<AskedModel> {
  return openModel(await servedModel({ models }, path));
}

/** Finds a model without opening it. Throws NOT_FOUND. */
export async function servedModel(
  { models }: Pick<ProtocolServer, "models">,
  path: Readonly<Record<string, string>>,
): Promise<ServedModel> {
  const name = percentDecoded(path.model ?? "");
  const found = await models.find(name);
  if (found === undefined) throw new LaunchpadError("NOT_FOUND", `There is no model ${truncateText(name)}`);
  const version = path.version === undefined ? undefined : percentDecoded(path.version);
  if (version === undefined || version === found.version) return found;
  const message = `There is no version ${truncateText(version)} of ${found.name}: expected ${found.version}`;
  throw new LaunchpadError("NOT_FOUND", message);
}

/**
 * Finds the model of a request that names none: the only one.
 *
 * @param server The models.
 *
 * @returns The model, opened.
 *
 * @throws NOT_FOUND when there are several.
 */
export async function onlyModelOf({ models }: Pick<ProtocolServer, "models">): Promise<AskedModel> {
  const [first, ...more] = models.list();
  if (first !== undefined && more.length === 0) return openModel(first);
  throw new LaunchpadError("NOT_FOUND", "Several models serve here: expected a path that names one");
}

/**
 * Tells whether a caller may ask a model that the body of a request names: the path has told nothing of it.
 *
 * @param context The request.
 * @param model The name of the model.
 *
 * @returns Whether it is among the caller's models; true where nobody is asked.
 */
export function mayAskModel({ may, target }: RequestContext, model: string): boolean {
  return may === undefined || may({ ...target, model });
}

/** Opens a model, without loading it. */
export async function openModel(served: ServedModel): Promise<AskedModel> {
  const api = await served.api();
  const known = opened.get(api) ?? create(api);
  opened.set(api, known);
  return { served, ...known };
}

/** A model that serves with others lets in whom its own configuration names, also where they share a path. */
async function passOwnDoor(context: RequestContext, { guard, model }: ModelApi["options"]): Promise<void> {
  if (guard === undefined || context.passed === guard) return;
  const { target } = context;
  context.target = { ...target, model };
  try {
    await guard(context, () => new Response(null));
  } finally {
    context.target = target;
  }
}

function create(api: ModelApi): Opened {
  const { definition, options } = api;
  const predictRows = createRowPredictor(options);
  return {
    api,
    admit: (context) => passOwnDoor(context, options),
    signature: signatureOf(definition),
    maxBytes: options.maxBodyBytes ?? defaultMaxBytes,
    async predict(rows, context) {
      await passOwnDoor(context, options);
      limitRows(rows.length);
      const answers = await predictRows(rows, context);
      return answers.map((answer) => {
        if ("error" in answer) throw answer.error;
        return answer.prediction;
      });
    },
  };
}
