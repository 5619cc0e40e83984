import type { ServerConfig } from "../../config/types.ts";
import type { Host } from "../../host.ts";
import { percentDecoded } from "../../util/percent.ts";
import { adminOf } from "../admin-from-config.ts";
import { authorize } from "../endpoints/admin.ts";
import { endpointsAt } from "../endpoints/endpoints-at.ts";
import { type Api, createHandler } from "../handler.ts";
import type { WithDoors } from "../middleware/doors.ts";
import { fold, type Middleware } from "../middleware/fold.ts";
import { openDoors } from "../middleware/open-doors.ts";
import { sendingOf, serverOptions } from "../options-from-config.ts";
import { protocolsOf } from "../protocols/from-config.ts";
import { type Awaitable, type Execution, HeaderPolicy, peerOf, RequestContext } from "../request-context.ts";
import { pathIn } from "../router.ts";
import type { Member } from "./model-member.ts";
import type { ModelSet } from "./model-set.ts";
import { askedByOwnProtocol } from "./own-protocols.ts";
import { sharedEndpoints } from "./shared-endpoints.ts";
import { isOfOperators, pageOfModel, sharedPages } from "./shared-pages.ts";

/** What serves several models. */
export interface CombinedOptions {
  readonly models: ModelSet;
  readonly host: Host;
  /** What they share, below `api`. */
  readonly config: WithDoors & { readonly api: ServerConfig };
  /** Resolves when those models are loaded that should be before anybody asks. */
  started(): Promise<void>;
  /** Looks for more projects, and for newer models of those that are loaded. */
  refresh(): Promise<unknown>;
  /** Layers around all requests, those for the models' own paths among them; the outermost first. */
  readonly layers?: readonly Middleware[];
}

/**
 * API of several models: a request for a model's own path is answered by its own API, found by the first two segments of the
 * path; the others by what they share.
 *
 * @param options The models, and what they share.
 *
 * @returns An object with `fetch`, which never throws or rejects, and with `close`, which sends the last numbers.
 *
 * @throws VARIABLE_NOT_SET, CONFIG_INVALID as the API of one model does.
 */
export async function createCombinedApi(options: CombinedOptions): Promise<Api & { close(): Promise<void> }> {
  const { models, host, config, started, refresh, layers = [] } = options;
  // Numbers of other processes are joined with those of all models together.
  const { peers, ...alone } = host;
  const { metrics, metricsToken, ...server } = await serverOptions(config, alone, "models", () => undefined);
  const sending = sendingOf(config, host, { name: "models", text: async (labels) => metrics?.text(labels) ?? "" });
  const close = async () => sending?.close();
  const log = host.log.child("api");
  const {
    guard,
    endpoints,
    schemes = [],
    addressOf,
    forwarded,
    isProxy,
  } = openDoors(config, host, {
    realm: "models",
  });
  const headers = new HeaderPolicy(config.api.response_headers);
  const admin = adminOf(config, host, async () => {
    const [found] = await Promise.all([refresh(), peers?.refresh()]);
    return found;
  });
  const protocols = protocolsOf(config.api, host, {
    models,
    ready: () => started(),
    isProxy,
    adminToken: admin?.token,
  });
  const hasPages = config.api.pages !== false && host.pageFile !== undefined;
  const shared = sharedEndpoints({
    protocols,
    models,
    host,
    started,
    admin,
    documentation: config.api.docs ? { ...(host.docsFile && { file: host.docsFile }) } : undefined,
    schemes,
    metrics,
    metricsToken,
    pages:
      hasPages && host.pageFile
        ? sharedPages(models, host.pageFile, config.api.docs && host.docsFile !== undefined)
        : undefined,
  });
  const all = [...endpointsAt({ ...endpoints, ...shared }, { metricsToken }), ...(protocols?.endpoints ?? [])];
  const rest = createHandler(all, {
    ...server,
    metrics,
    push: sending?.push,
    headers,
    log,
    protocols,
    guard,
    addressOf,
  });
  /** Each model asks what lets callers in to all of them, because it alone knows what a request asks. */
  const guarded = (execution: Execution | undefined): Execution | undefined =>
    guard && { waitUntil: (task) => execution?.waitUntil?.(task), address: execution?.address, guard };

  const answer = (member: Member | undefined, request: Request, execution?: Execution) => {
    if (member !== undefined) return member.fetch(request, guarded(execution) ?? execution);
    const response = rest.fetch(request, execution);
    // A protocol may have had a model loaded.
    if (response instanceof Promise) response.then(models.makeRoom, models.makeRoom);
    return response;
  };
  const memberByOwnProtocol = (url: string) => {
    const name = askedByOwnProtocol(pathIn(url), config.api.protocols ?? []);
    return name === undefined ? undefined : models.find(percentDecoded(name));
  };
  const ask = (request: Request, execution?: Execution): Awaitable<Response> => {
    const member = models.at(request.url) ?? memberByOwnProtocol(request.url);
    return member instanceof Promise
      ? member.then((found) => answer(found, request, execution))
      : answer(member, request, execution);
  };
  /** Numbers of one model are for whom those of all are: it knows nothing of the token of all. */
  const mayReadNumbers = async (request: Request, path: string): Promise<boolean> => {
    if (metricsToken === undefined) return metrics !== undefined || path !== "/metrics";
    return authorize(request, metricsToken, {}).then(
      () => true,
      () => false,
    );
  };
  const ofPage = async (request: Request, execution?: Execution) => {
    const found = await pageOfModel(models, pathIn(request.url));
    if (found === undefined) return ask(request, execution);
    const url = new URL(request.url);
    url.pathname = found.path;
    if (isOfOperators(url.pathname, request.method) && !(await mayReadNumbers(request, url.pathname))) {
      return answer(undefined, new Request(new URL("/metrics", url), request), execution);
    }
    return answer(found.member, new Request(url, request), execution);
  };
  const dispatch = (received: Request, execution?: Execution): Awaitable<Response> => {
    const request = forwarded ? forwarded.withoutPrefix(received, peerOf(execution)) : received;
    return hasPages && pathIn(request.url).startsWith("/models/")
      ? ofPage(request, execution)
      : ask(request, execution);
  };
  if (layers.length === 0) return { fetch: dispatch, close };
  return {
    close,
    fetch: (request, execution) =>
      fold(layers, (context) => dispatch(context.request, execution))(new RequestContext(request, execution, headers)),
  };
}
