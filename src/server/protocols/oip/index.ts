import type { JsonSchema } from "../../../schema/json-schema.ts";
import { readEncodedBody } from "../../body/encoded-body.ts";
import type { Handlers } from "../../request-context.ts";
import { askedModel } from "../asked-model.ts";
import { type About, list, shape, text } from "../describe/shape.ts";
import { mediaTypeOf } from "../json-request.ts";
import type { Protocol, ProtocolServer } from "../protocol.ts";
import { datatypes } from "./datatypes.ts";
import { metadataPaths } from "./metadata.ts";
import { checkRequested, outputTensors } from "./outputs.ts";
import { repositoryPaths } from "./repository.ts";
import { readInferRequest } from "./request.ts";
import { writeInferResponse } from "./response.ts";
import { rowsOf } from "./rows.ts";

const types = ["application/json", "application/octet-stream"] as const;
const headerLength = "inference-header-content-length";

const anything = { type: "object" } as const;
const tensor = (datatype: JsonSchema, more: Readonly<Record<string, JsonSchema>>) =>
  shape({ name: text, shape: list({ type: "integer" }), datatype, "parameters?": anything, ...more });

/** In JSON; a body may also be binary. */
const about = (): Readonly<Record<"POST", About>> => ({
  POST: [
    "Predictions of rows",
    shape({
      "id?": text,
      "parameters?": anything,
      inputs: list(tensor({ enum: [...datatypes.keys()] }, { data: list({}) })),
      "outputs?": list(shape({ name: text, "parameters?": anything })),
    }),
    shape({ model_name: text, model_version: text, "id?": text, outputs: list(tensor(text, { "data?": list({}) })) }),
  ],
});

/**
 * Open Inference Protocol, version 2 (https://github.com/kserve/open-inference-protocol), with the extensions
 * `binary_tensor_data` and `model_repository`.
 */
export const oip: Protocol = {
  name: "oip",
  title: "Open Inference Protocol V2",
  errors: ({ detail }) => ({ body: { error: detail } }),
  below: "/v2",
  paths: (server) => [
    ...metadataPaths(server),
    ...repositoryPaths(server),
    ...["/v2/models/{model}/infer", "/v2/models/{model}/versions/{version}/infer"].map((path) => ({
      path,
      predicts: true,
      about,
      handlers: { POST: infer(server) },
    })),
  ],
};

function infer(server: ProtocolServer): Handlers[string] {
  const { respond = (body, init) => new Response(body, init) } = server;
  return async (request, path, context) => {
    const model = await askedModel(server, path);
    mediaTypeOf(request, types);
    const body = await readEncodedBody(request, model.maxBytes);
    const { id, inputs, outputs, binary } = readInferRequest(body, request.headers.get(headerLength));
    const { signature, served } = model;
    checkRequested(signature.outputs, outputs);
    const predictions = await model.predict(rowsOf(signature.inputs, inputs), context);
    const { body: answer, headerLength: length } = writeInferResponse({
      model: served.name,
      version: served.version,
      id,
      outputs: outputTensors(signature.outputs, predictions, outputs, binary),
    });
    if (length === undefined) return respond(answer as string, { headers: context.jsonHeaders });
    const headers = { ...context.headers, "content-type": "application/octet-stream", [headerLength]: String(length) };
    return respond(answer as Uint8Array<ArrayBuffer>, { headers });
  };
}
