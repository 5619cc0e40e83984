import type { SignatureField } from "../../../api/signature.ts";
import { LaunchpadError, messageOf } from "../../../errors.ts";
import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { Handlers } from "../../request-context.ts";
import { askedModel, servedModel } from "../asked-model.ts";
import { list, shape, text } from "../describe/shape.ts";
import type { ProtocolPath, ProtocolServer } from "../protocol.ts";

/** Datatypes of tensors by those of fields. */
const datatypes: Readonly<Record<SignatureField["dtype"], string>> = {
  float64: "FP64",
  int64: "INT64",
  bool: "BOOL",
  str: "BYTES",
  bytes: "BYTES",
  json: "BYTES",
};

const serverShape = shape({ name: text, version: text, extensions: list(text) });
const readyShape = shape({ ready: {} });
const tensors = list(shape({ name: text, datatype: text, shape: list({ type: "integer" }) }));
const modelShape = shape({ name: text, versions: list(text), platform: text, inputs: tensors, outputs: tensors });

/**
 * Paths that tell of the server and its models, and whether they are ready.
 *
 * @param server The models.
 *
 * @returns The paths.
 */
export function metadataPaths(server: ProtocolServer): ProtocolPath[] {
  const at = (path: string, GET: Handlers[string], summary: string, gives: JsonSchema): ProtocolPath => ({
    path,
    predicts: false,
    about: () => ({ GET: [summary, undefined, gives] }),
    handlers: { GET },
  });
  const about = () => ({
    name: "mllaunchpad",
    version: server.version,
    extensions: ["binary_tensor_data", "model_repository"],
  });
  const model: Handlers[string] = async (_request, path) => {
    const { served, signature } = await askedModel(server, path);
    return {
      name: served.name,
      versions: [served.version],
      platform: "mllaunchpad",
      inputs: signature.inputs.fields.map(tensorOf),
      outputs: signature.outputs.fields.map(tensorOf),
    };
  };
  const ready: Handlers[string] = async (_request, path, context) => {
    const served = await servedModel(server, path);
    await untilReady(() => served.ready((task) => context.waitUntil(task)));
    return { name: served.name, ready: true };
  };
  return [
    ...["/v2", "/v2/"].map((path) => at(path, about, "Server", serverShape)),
    at("/v2/health/live", () => ({ live: true }), "Liveness", shape({ live: {} })),
    at(
      "/v2/health/ready",
      async (_request, _path, context) => {
        await untilReady(() => server.ready((task) => context.waitUntil(task)));
        return { live: true, ready: true };
      },
      "Readiness",
      readyShape,
    ),
    ...["", "/versions/{version}"].flatMap((version) => [
      at(`/v2/models/{model}${version}`, model, "Model", modelShape),
      at(`/v2/models/{model}${version}/ready`, ready, "Readiness of a model", readyShape),
    ]),
  ];
}

/** Whatever keeps a model from being ready, it is not ready. */
async function untilReady(wait: () => Promise<void>): Promise<void> {
  try {
    await wait();
  } catch (cause) {
    throw new LaunchpadError("NOT_READY", messageOf(cause), { cause });
  }
}

/** The first dimension is that of the rows. */
function tensorOf({ name, dtype, shape }: SignatureField) {
  return { name, datatype: datatypes[dtype], shape: [-1, ...shape] };
}
