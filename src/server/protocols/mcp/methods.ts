import { isRecord } from "../../../schema/types.ts";
import { mapLimited } from "../../../util/map-limited.ts";
import { truncateText } from "../../../util/truncate.ts";
import { tooLarge } from "../../body/bytes.ts";
import type { RequestContext } from "../../request-context.ts";
import { type AskedModel, mayAskModel, openModel } from "../asked-model.ts";
import type { ProtocolServer } from "../protocol.ts";
import type { Message } from "./message.ts";
import { current, revisions } from "./revisions.ts";
import { invalidParams, RpcError, rpcCodes } from "./rpc-error.ts";
import { toolOf } from "./tools.ts";

/** Request, as methods see it. */
export interface McpRequest {
  readonly message: Message;
  /** The revision that it is written in. */
  readonly revision: string;
  readonly context: RequestContext;
  /** Length of its body in bytes. */
  readonly size: number;
  /** Told that a tool is called: from now on, errors are results that an agent reads. */
  calling(): void;
}

/** Method: makes the result of a request. */
export type McpMethod = (server: ProtocolServer, request: McpRequest) => object | Promise<object>;

/** So many tools are described in one answer; a cursor leads to more. */
const pageSize = 100;
/** So many models are opened at a time to be described. */
const maxOpening = 8;
/** How long a client may keep what it was told, in milliseconds: models come and go within minutes. */
const ttlMs = 60_000;

const capabilities = { tools: {} };
const instructions = "Each tool asks a machine-learning model for a prediction. An error says which arguments to mend.";

const about = ({ version }: ProtocolServer) => ({ name: "mllaunchpad", version });

/** What is said of the server in each result of the current revision. */
export const serverMeta = (server: ProtocolServer) => ({
  resultType: "complete",
  _meta: { "io.modelcontextprotocol/serverInfo": about(server) },
});

/** What one caller is told is not for others. */
const caching = ({ context }: McpRequest) => ({
  ttlMs,
  cacheScope: context.caller === undefined ? "public" : "private",
});

/** Tools, one a model, in the order of their names. */
const list: McpMethod = async (server, request) => {
  const { message, revision, context } = request;
  const { cursor = "" } = message.params;
  if (typeof cursor !== "string") throw invalidParams("cursor: expected the text of an earlier answer");
  const all = server.models.list().filter(({ name }) => name > cursor && mayAskModel(context, name));
  const page = all.slice(0, pageSize);
  const models = await mapLimited(page, (model) => openModel(model).catch(() => undefined), maxOpening);
  const tools = [];
  // One after the other: what lets callers in reads of the request which model is asked.
  for (const model of models) tools.push(...(await described(model, revision, context)));
  return {
    tools,
    ...(all.length > page.length && { nextCursor: page.at(-1)?.name }),
    ...(revision === current && caching(request)),
  };
};

/** A model that cannot be opened, or is not for this caller, is no tool at the moment. */
async function described(model: AskedModel | undefined, revision: string, context: RequestContext) {
  if (model === undefined) return [];
  try {
    await model.admit(context);
    const { tool, asObject } = toolOf(model.served, model.api);
    return [revision === current ? tool : asObject];
  } catch {
    return [];
  }
}

/** One prediction. */
const call: McpMethod = async (server, { message, revision, context, size, calling }) => {
  const { name, arguments: args = {} } = message.params;
  if (typeof name !== "string") throw invalidParams("name: required: expected the name of a tool");
  if (!isRecord(args)) throw invalidParams("arguments: expected an object");
  const served = await server.models.find(name);
  if (served === undefined || !mayAskModel(context, name)) {
    throw new RpcError(
      rpcCodes.invalidParams,
      `Unknown tool: ${truncateText(name)}. tools/list names those that there are`,
      200,
    );
  }
  calling();
  const model = await openModel(served);
  if (size > model.maxBytes) throw tooLarge(model.maxBytes);
  const { rowOf, objectOf } = toolOf(served, model.api);
  const [prediction = null] = await model.predict([rowOf(args)], context);
  return {
    content: [{ type: "text", text: JSON.stringify(prediction) }],
    structuredContent: revision === current ? prediction : objectOf(prediction),
    isError: false,
  };
};

/** The one table of methods of the current revision. */
const stateless: Readonly<Record<string, McpMethod>> = {
  "server/discover": (_server, request) => ({
    supportedVersions: revisions,
    capabilities,
    instructions,
    ...caching(request),
  }),
  "tools/list": list,
  "tools/call": call,
};

/** The one table of methods of earlier revisions. */
const withHandshake: Readonly<Record<string, McpMethod>> = {
  initialize: (server, { revision }) => ({
    protocolVersion: revision,
    capabilities,
    serverInfo: about(server),
    instructions,
  }),
  ping: () => ({}),
  "tools/list": list,
  "tools/call": call,
};

/**
 * Finds a method.
 *
 * @param name Its name.
 * @param revision The revision that the request is written in.
 *
 * @returns The method.
 *
 * @throws RpcError for one that there is not.
 */
export function methodOf(name: string, revision: string): McpMethod {
  const methods = revision === current ? stateless : withHandshake;
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method) return method;
  const message = `Method not found: ${truncateText(name)}`;
  // Earlier clients take every other status for that of a server that speaks something else.
  const status = revision === current ? 404 : 200;
  throw new RpcError(rpcCodes.methodNotFound, message, status, { supported: revisions });
}
