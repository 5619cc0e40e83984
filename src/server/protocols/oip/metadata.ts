import type { SignatureField } from "../../../api/signature.ts";
import { LaunchpadError, messageOf } from "../../../errors.ts";
import type { Handlers } from "../../request-context.ts";
import { askedModel, servedModel } from "../asked-model.ts";
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

/**
 * Paths that tell of the server and its models, and whether they are ready.
 *
 * @param server The models.
 *
 * @returns The paths.
 */
export function metadataPaths(server: ProtocolServer): ProtocolPath[] {
  const at = (path: string, GET: Handlers[string]): ProtocolPath => ({ path, predicts: false, handlers: { GET } });
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
    at("/v2", about),
    at("/v2/", about),
    at("/v2/health/live", () => ({ live: true })),
    at("/v2/health/ready", async (_request, _path, context) => {
      await untilReady(() => server.ready((task) => context.waitUntil(task)));
      return { live: true, ready: true };
    }),
    at("/v2/models/{model}", model),
    at("/v2/models/{model}/versions/{version}", model),
    at("/v2/models/{model}/ready", ready),
    at("/v2/models/{model}/versions/{version}/ready", ready),
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
