import { LaunchpadError, messageOf } from "../../errors.ts";
import type { Host } from "../../host.ts";
import type { WaitUntil } from "../../lifecycle/active-model.ts";
import { memoizeAsync } from "../../util/memoize-async.ts";
import type { Awaitable, Execution } from "../request-context.ts";
import { unavailableResponse } from "../unavailable-response.ts";
import type { ModelApi } from "./model-api.ts";
import { withoutNames } from "./own-protocols.ts";
import type { ServedModel } from "./served-models.ts";

/** What serves one model of several: a launchpad, or a package. */
export interface ServableModel {
  /** Its API. */
  api(): Promise<ModelApi>;
  /** Resolves when a request would be answered. */
  ready(): Promise<void>;
  /** Ends its connections. */
  close(): Promise<void>;
}

/** Model that can serve with others; opened when somebody first asks for it. */
export interface ModelEntry extends Pick<ServedModel, "name" | "version" | "basePath"> {
  /** Where it comes from, for messages. */
  readonly where: string;
  /** Opens it. */
  open(): Promise<ServableModel> | ServableModel;
}

/** What a member tells of itself. */
export interface MemberEvents {
  /** It was used: the number of the use, higher each time. */
  used(): number;
  /** It was loaded. */
  loaded(): void;
  /** It answers nothing any more at the moment. */
  idle(): void;
}

/** Model that serves with others, as those see it who share memory among them. */
export interface Member extends ServedModel {
  readonly where: string;
  fetch(request: Request, execution?: Execution): Awaitable<Response>;
  /** What is open of it; undefined before somebody has asked for it. */
  opened(): ModelApi | undefined;
  /** Number of its last use. */
  lastUse(): number;
  /** Bytes of its contents, as they are stored; undefined while none are loaded. */
  size(): number | undefined;
  /** Whether requests are being answered. */
  busy(): boolean;
  /** Ends it when the requests that have begun are answered. */
  close(): Promise<void>;
}

/** What could not be opened is not tried again at once, in milliseconds: the header `retry-after` says so, too. */
const retryAfterMs = 5000;

/**
 * Member of a set of models: opened once for all who ask, so that one that takes its time holds up nobody else.
 *
 * @param entry The model.
 * @param host The log, and a clock.
 * @param events Is told when it is used and loaded.
 *
 * @returns The member, which nothing is opened of yet.
 */
export function createMember(entry: ModelEntry, host: Pick<Host, "log" | "now">, events: MemberEvents): Member {
  const { name, version, basePath, where } = entry;
  const log = host.log.child("api");
  let service: ServableModel | undefined;
  let open: ModelApi | undefined;
  let failure: { readonly error: unknown; readonly since: number } | undefined;
  let use = 0;
  let inFlight = 0;
  let isClosing = false;
  let onIdle: (() => void) | undefined;

  const opening = memoizeAsync(async () => {
    try {
      service ??= await entry.open();
      const api = await service.api();
      api.serving.onServe(events.loaded);
      const unnamed = withoutNames(api.options.protocols?.names ?? []);
      if (unnamed.length > 0) {
        log.warning(
          `${where}: api.protocols: ${unnamed.join(", ")}: paths that name no model are those of all where several projects serve ` +
            "together: expected them in the configuration that names the projects",
        );
      }
      if (api.options.files) {
        log.warning(
          `${where}: api.static and api.root_path are ignored where several projects serve together: expected files to be ` +
            "served by a web server in front, or by a project that serves alone",
        );
      }
      open = api;
      failure = undefined;
      if (api.serving.current()) events.loaded();
      return api;
    } catch (cause) {
      const error = new LaunchpadError("NOT_READY", `${name} cannot be opened (${where}): ${messageOf(cause)}`, {
        cause,
      });
      if (messageOf(failure?.error) !== error.message) log.error(error.message, { error });
      failure = { error, since: host.now() };
      throw error;
    }
  });
  const api = (): ModelApi | Promise<ModelApi> => {
    use = events.used();
    if (open) return open;
    if (failure && Math.abs(host.now() - failure.since) < retryAfterMs) return Promise.reject(failure.error);
    return opening();
  };
  const done = () => {
    inFlight -= 1;
    if (inFlight > 0) return;
    onIdle?.();
    events.idle();
  };
  const refused = (error: unknown, request: Request) => unavailableResponse(error, request, log);

  return {
    name,
    version,
    basePath,
    where,
    api,
    fetch(request, execution) {
      inFlight += 1;
      const opened = api();
      const response =
        opened instanceof Promise
          ? opened.then(
              (it) => it.fetch(request, execution),
              (error) => refused(error, request),
            )
          : opened.fetch(request, execution);
      if (response instanceof Promise) response.then(done, done);
      else done();
      return response;
    },
    state: () => (open?.serving.current() ? "ready" : failure || open?.serving.failing() ? "failed" : "idle"),
    opened: () => open,
    async ready(waitUntil?: WaitUntil) {
      inFlight += 1;
      try {
        const { options } = await api();
        await options.ready({ waitUntil: waitUntil ?? (() => {}) });
      } finally {
        done();
      }
    },
    async unload() {
      await open?.serving.unload();
    },
    lastUse: () => use,
    size() {
      const loaded = open?.serving.current()?.loaded;
      return loaded && (loaded.meta?.contents.size ?? 0);
    },
    busy: () => inFlight > 0,
    async close() {
      if (isClosing) return;
      isClosing = true;
      if (inFlight > 0) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
        });
      }
      if (opening.started()) await opening().catch(() => {});
      await service?.close();
    },
  };
}
