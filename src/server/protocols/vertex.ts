import { LaunchpadError } from "../../errors.ts";
import { isRecord } from "../../schema/types.ts";
import { redact } from "../../util/redact.ts";
import { onlyModelOf } from "./asked-model.ts";
import { type About, shape, text } from "./describe/shape.ts";
import { instancesAbout, rowsOfInstances } from "./instances.ts";
import { invalid } from "./invalid.ts";
import { readJsonRequest } from "./json-request.ts";
import type { Protocol, ProtocolPath } from "./protocol.ts";

/** Codes of Google's APIs by status (google.rpc.Code). */
const codes: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  413: "INVALID_ARGUMENT",
  415: "INVALID_ARGUMENT",
  429: "RESOURCE_EXHAUSTED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

const ready: Readonly<Record<string, About>> = { GET: ["Whether it is ready", undefined, shape({ status: text })] };

/**
 * Vertex AI's contract of custom containers: health and prediction at the paths in `AIP_HEALTH_ROUTE` and `AIP_PREDICT_ROUTE`
 * (https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements). Both may be one path.
 */
export const vertex: Protocol = {
  name: "vertex",
  title: "Vertex AI",
  errors: ({ detail, status }) => ({
    body: {
      error: {
        code: status,
        message: detail,
        status: codes[status] ?? (status < 500 ? "INVALID_ARGUMENT" : "INTERNAL"),
      },
    },
  }),
  paths(server) {
    refuseArtifacts(server.env("AIP_STORAGE_URI"));
    const health = server.env("AIP_HEALTH_ROUTE") || "/health";
    const predict = server.env("AIP_PREDICT_ROUTE") || "/predict";
    const get: ProtocolPath["handlers"] = {
      async GET(_request, _path, context) {
        await server.ready((task) => context.waitUntil(task));
        return { status: "ready" };
      },
    };
    const post: ProtocolPath["handlers"] = {
      async POST(request, _path, context) {
        const model = await onlyModelOf(server);
        const body = await readJsonRequest(request, model.maxBytes);
        if (!isRecord(body) || body.instances === undefined)
          throw invalid("instances", "required: expected a list of rows");
        const rows = rowsOfInstances(model.signature.inputs, body.instances, "instances");
        return { predictions: await model.predict(withParameters(rows, body.parameters), context) };
      },
    };
    return health === predict
      ? [
          {
            path: health,
            predicts: true,
            about: (shapes) => ({ ...ready, ...instancesAbout(shapes) }),
            handlers: { ...get, ...post },
          },
        ]
      : [
          { path: health, predicts: false, about: () => ready, handlers: get },
          { path: predict, predicts: true, about: instancesAbout, handlers: post },
        ];
  },
};

/** The model would come from somewhere else than whoever named its artifacts thinks. */
function refuseArtifacts(uri: string | undefined): void {
  if (!uri) return;
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `AIP_STORAGE_URI: found ${redact(uri)}, expected none, because models come from model_store. Leave the artifact URI of the model out, and put the ` +
      "model into the image (launchpad build), or read the bucket as S3: model_store: { location: s3://BUCKET/PREFIX, " +
      "endpoint: https://storage.googleapis.com, access_key_id_var: ..., secret_access_key_var: ... } with an HMAC key",
  );
}

/**
 * Adds what holds for all rows to each of them.
 *
 * @param rows The rows.
 * @param parameters Arguments by name, which a row's own come before; undefined if there are none.
 *
 * @returns Rows with all arguments.
 *
 * @throws ARGUMENTS_INVALID when they are no object, or a row is none.
 */
export function withParameters(rows: readonly unknown[], parameters: unknown): readonly unknown[] {
  if (parameters === undefined || parameters === null) return rows;
  if (!isRecord(parameters)) throw invalid("parameters", "expected an object of arguments by name");
  if (Object.keys(parameters).length === 0) return rows;
  return rows.map((row) => {
    if (isRecord(row)) return { ...parameters, ...row };
    throw invalid("parameters", "expected none, because a row of this model is no object");
  });
}
