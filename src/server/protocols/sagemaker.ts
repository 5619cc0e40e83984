import { isRecord } from "../../schema/types.ts";
import { jsonOf, textOf } from "../body/bytes.ts";
import { readEncodedBody } from "../body/encoded-body.ts";
import type { RequestContext } from "../request-context.ts";
import { type AskedModel, askedModel, onlyModelOf } from "./asked-model.ts";
import { rowsOfCsv } from "./csv-rows.ts";
import { type About, list, type Shapes, shape, text as words } from "./describe/shape.ts";
import { instanceOf, rowsOfInstances } from "./instances.ts";
import { mediaTypeOf } from "./json-request.ts";
import { limitRows } from "./max-rows.ts";
import type { Protocol, ProtocolServer } from "./protocol.ts";

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
    {
      path: "/models",
      predicts: false,
      about: () => ({
        GET: ["The models", undefined, shape({ models: list(shape({ modelName: words, modelUrl: words })) })],
      }),
      handlers: {
        GET: () => ({ models: server.models.list().map(({ name }) => ({ modelName: name, modelUrl: name })) }),
      },
    },
  ],
};

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
