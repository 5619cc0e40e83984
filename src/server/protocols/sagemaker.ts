import { LaunchpadError } from "../../errors.ts";
import { isRecord } from "../../schema/types.ts";
import { jsonOf, textOf } from "../body/bytes.ts";
import { readEncodedBody } from "../body/encoded-body.ts";
import type { ServedModel } from "../models/served-models.ts";
import type { Handlers, RequestContext } from "../request-context.ts";
import { type AskedModel, askedModel, onlyModelOf, servedModel } from "./asked-model.ts";
import { rowsOfCsv } from "./csv-rows.ts";
import { type About, list, type Shapes, shape, text as words } from "./describe/shape.ts";
import { instanceOf, rowsOfInstances } from "./instances.ts";
import { invalid } from "./invalid.ts";
import { mediaTypeOf, readJsonRequest } from "./json-request.ts";
import { limitRows } from "./max-rows.ts";
import type { Protocol, ProtocolPath, ProtocolServer } from "./protocol.ts";

const types = ["application/json", "text/csv", "application/jsonlines"] as const;

/** Errors of the SageMaker runtime, by status. */
const kinds: Readonly<Record<number, string>> = {
  500: "ModelError",
  503: "ServiceUnavailable",
  504: "ModelError",
};

/** Forms in JSON; there are also CSV and lines. */
const about = (shapes: Shapes): Readonly<Record<"POST", About>> => {
  const rows = list(instanceOf(shapes));
  return {
    POST: [
      "Prediction of a row, or predictions of rows",
      { anyOf: [shapes.row, rows, shape({ instances: rows })] },
      { anyOf: [shapes.prediction, shape({ predictions: list(shapes.prediction) })] },
    ],
  };
};

/**
 * SageMaker's contract of containers (https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html), the
 * paths of endpoints with several models, and those of the runtime itself, so that its clients can ask without AWS.
 *
 * A JSON object of arguments is one row, whose prediction is the answer; a list, and `instances`, are rows. CSV has no line of
 * names. Lines of JSON are answered with as many lines.
 */
export const sagemaker: Protocol = {
  name: "sagemaker",
  title: "Amazon SageMaker",
  errors({ detail, status }) {
    const kind = kinds[status] ?? (status < 500 ? "ValidationError" : "InternalFailure");
    return { body: { __type: kind, message: detail, Message: detail }, headers: { "x-amzn-errortype": kind } };
  },
  below: "/endpoints/",
  paths: (server) => [
    {
      path: "/ping",
      predicts: false,
      about: () => ({ GET: ["Whether it is ready", undefined, shape({ status: words })] }),
      handlers: {
        async GET(_request, _path, context) {
          await server.ready((task) => context.waitUntil(task));
          return { status: "ready" };
        },
      },
    },
    {
      path: "/invocations",
      predicts: true,
      about,
      handlers: {
        POST: async (request, _path, context) => invoke(server, await onlyModelOf(server), request, context),
      },
    },
    ...["/models/{model}/invoke", "/endpoints/{model}/invocations"].map((path) => ({
      path,
      predicts: true,
      about,
      handlers: {
        POST: async (request: Request, names: Record<string, string>, context: RequestContext) =>
          invoke(server, await askedModel(server, names), request, context),
      },
    })),
    ...multiModelPaths(server),
  ],
};

const described = ({ name }: Pick<ServedModel, "name">) => ({ modelName: name, modelUrl: name });
const ofModel = shape({ modelName: words, modelUrl: words });
/** More than a request to load a model says. */
const maxLoadBytes = 64 * 1024;

/**
 * Paths of a container of several models (https://docs.aws.amazon.com/sagemaker/latest/dg/mms-container-apis.html). They are loaded and let
 * go where SageMaker says that it serves several: it alone reaches a container then. Elsewhere whoever asks a model has it loaded.
 */
function multiModelPaths(server: ProtocolServer): ProtocolPath[] {
  const isMultiModel = server.env("SAGEMAKER_MULTI_MODEL") === "true";
  return [
    {
      path: "/models",
      predicts: false,
      about: () => ({
        GET: ["The models", undefined, shape({ models: list(ofModel) })],
        ...(isMultiModel && {
          POST: ["Loads a model", shape({ model_name: words, "url?": words }), ofModel] as const,
        }),
      }),
      handlers: {
        GET: () => ({ models: server.models.list().map(described) }),
        ...(isMultiModel &&
          ({
            async POST(request, _path, context) {
              const body = await readJsonRequest(request, maxLoadBytes);
              const name = isRecord(body) ? body.model_name : undefined;
              if (typeof name !== "string") throw invalid("model_name", "required: expected the name of a model");
              const model = await servedModel(server, { model: encodeURIComponent(name) });
              if (model.state() === "ready") {
                throw new LaunchpadError("MODEL_LOADED", `The model ${model.name} is loaded already`);
              }
              await model.ready((task) => context.waitUntil(task));
              return described(model);
            },
          } satisfies Handlers)),
      },
    },
    {
      path: "/models/{model}",
      predicts: false,
      about: () => ({
        GET: ["A model", undefined, ofModel],
        ...(isMultiModel && { DELETE: ["Lets a model go", undefined, ofModel] as const }),
      }),
      handlers: {
        GET: async (_request, names) => described(await servedModel(server, names)),
        ...(isMultiModel &&
          ({
            async DELETE(_request, names) {
              const model = await servedModel(server, names);
              await model.unload();
              return described(model);
            },
          } satisfies Handlers)),
      },
    },
  ];
}

async function invoke(
  { respond = (body, init) => new Response(body, init) }: ProtocolServer,
  model: AskedModel,
  request: Request,
  context: RequestContext,
): Promise<unknown> {
  const type = mediaTypeOf(request, types);
  const text = textOf(await readEncodedBody(request, model.maxBytes));
  const { inputs } = model.signature;
  if (type === "application/jsonlines") {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    limitRows(lines.length);
    const predictions = await model.predict(
      rowsOfInstances(
        inputs,
        lines.map((line) => jsonOf(line)),
        "lines",
      ),
      context,
    );
    const answer = predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join("");
    return respond(answer, { headers: { ...context.headers, "content-type": type } });
  }
  if (type === "text/csv") return { predictions: await model.predict(rowsOfCsv(text, inputs, false), context) };
  const body = jsonOf(text);
  if (isRecord(body) && Array.isArray(body.instances) && !inputs.fields.some(({ name }) => name === "instances")) {
    return { predictions: await model.predict(rowsOfInstances(inputs, body.instances, "instances"), context) };
  }
  if (Array.isArray(body) && inputs.form !== "value") {
    return { predictions: await model.predict(rowsOfInstances(inputs, body, "rows"), context) };
  }
  const [prediction] = await model.predict([body], context);
  return prediction;
}
