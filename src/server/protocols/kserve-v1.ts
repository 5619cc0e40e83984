import { isRecord } from "../../schema/types.ts";
import { askedModel, servedModel } from "./asked-model.ts";
import { list, shape, text } from "./describe/shape.ts";
import { instancesAbout, rowsOfInstances } from "./instances.ts";
import { invalid } from "./invalid.ts";
import { readJsonRequest } from "./json-request.ts";
import type { Protocol } from "./protocol.ts";

/**
 * KServe's data plane V1, which is TensorFlow Serving's: `POST /v1/models/{model}:predict` with `instances`
 * (https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol).
 */
export const kserveV1: Protocol = {
  name: "kserve-v1",
  title: "KServe V1",
  errors: ({ detail }) => ({ body: { error: detail } }),
  below: "/v1/models",
  paths: (server) => [
    {
      path: "/v1/models",
      predicts: false,
      about: () => ({ GET: ["Names of the models", undefined, shape({ models: list(text) })] }),
      handlers: { GET: () => ({ models: server.models.list().map(({ name }) => name) }) },
    },
    // The more exact path first.
    {
      path: "/v1/models/{model}:predict",
      predicts: true,
      about: instancesAbout,
      handlers: {
        async POST(request, path, context) {
          const model = await askedModel(server, path);
          const body = await readJsonRequest(request, model.maxBytes);
          if (!isRecord(body)) throw invalid("", "expected an object with instances");
          if (body.instances === undefined) throw invalid("instances", "required: expected a list of rows");
          const rows = rowsOfInstances(model.signature.inputs, body.instances, "instances");
          return { predictions: await model.predict(rows, context) };
        },
      },
    },
    {
      path: "/v1/models/{model}",
      predicts: false,
      about: () => ({ GET: ["Whether a model is ready", undefined, shape({ name: text, ready: {} })] }),
      handlers: {
        async GET(_request, path, context) {
          const served = await servedModel(server, path);
          await served.ready((task) => context.waitUntil(task));
          return { name: served.name, ready: true };
        },
      },
    },
  ],
};
