import { isRecord } from "../../../schema/types.ts";
import { authorize } from "../../endpoints/admin.ts";
import type { ServedModel } from "../../models/served-models.ts";
import type { Handlers } from "../../request-context.ts";
import { servedModel } from "../asked-model.ts";
import { list, shape, text } from "../describe/shape.ts";
import { invalid } from "../invalid.ts";
import { readJsonRequest } from "../json-request.ts";
import type { ProtocolPath, ProtocolServer } from "../protocol.ts";

/** More than any of these requests says. */
const maxBytes = 64 * 1024;

/** States of the extension, by ours. */
const states: Readonly<Record<ReturnType<ServedModel["state"]>, string>> = {
  ready: "READY",
  idle: "UNAVAILABLE",
  failed: "UNAVAILABLE",
};
const reasons: Readonly<Record<ReturnType<ServedModel["state"]>, string>> = {
  ready: "",
  idle: "not loaded: the next request loads it",
  failed: "it could not be loaded",
};

const stateShape = shape({ name: text, version: text, state: text, reason: text });

/**
 * Paths of the extension `model_repository`: what models there are; and, for the bearer of the admin token, load and unload.
 *
 * @param server The models, and the token.
 *
 * @returns The paths; without a token, models cannot be loaded or unloaded.
 */
export function repositoryPaths(server: ProtocolServer): ProtocolPath[] {
  const { models, adminToken } = server;
  const index: Handlers[string] = async (request) => {
    const body = await readJsonRequest(request, maxBytes);
    if (body !== undefined && !isRecord(body)) throw invalid("", "expected an object, or nothing");
    const { ready = false } = body ?? {};
    if (typeof ready !== "boolean") throw invalid("ready", "expected true or false");
    return models
      .list()
      .filter((model) => !ready || model.state() === "ready")
      .map((model) => ({
        name: model.name,
        version: model.version,
        state: states[model.state()],
        reason: reasons[model.state()],
      }));
  };
  const paths: ProtocolPath[] = [
    {
      path: "/v2/repository/index",
      predicts: false,
      about: () => ({
        POST: ["Models", shape({ "ready?": { type: "boolean" } }), list(stateShape)],
      }),
      handlers: { POST: index },
    },
  ];
  if (adminToken === undefined) return paths;
  const act = (
    path: string,
    verb: (model: ServedModel, wait: (task: Promise<unknown>) => void) => Promise<void>,
  ): ProtocolPath => ({
    path,
    predicts: false,
    asksItself: true,
    about: () => ({ POST: ["For operators", { type: "object" }, { type: "object" }] }),
    handlers: {
      async POST(request, names, context) {
        await authorize(request, adminToken, context.headers);
        const body = await readJsonRequest(request, maxBytes);
        const parameters = isRecord(body) && isRecord(body.parameters) ? Object.keys(body.parameters) : [];
        const unsupported = parameters.find((name) => name !== "unload_dependents");
        if (unsupported !== undefined)
          throw invalid(unsupported, "expected no such parameter: models are configured where they are");
        await verb(await servedModel(server, names), (task) => context.waitUntil(task));
        return {};
      },
    },
  });
  return [
    ...paths,
    act("/v2/repository/models/{model}/load", (model, wait) => model.ready(wait)),
    act("/v2/repository/models/{model}/unload", (model) => model.unload()),
  ];
}
