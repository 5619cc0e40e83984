import type { SecurityScheme } from "../../api/write/openapi/security.ts";
import { LaunchpadError, messageOf } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { type Admin, authorize } from "../endpoints/admin.ts";
import { type DocumentationOptions, docsEndpoints } from "../endpoints/docs.ts";
import { joinMetrics } from "../metrics/join.ts";
import { type Metrics, metricsType } from "../metrics/metrics.ts";
import type { ProtocolEndpoints } from "../protocols/endpoint.ts";
import type { Handlers } from "../request-context.ts";
import type { ModelSet } from "./model-set.ts";
import type { ModelState } from "./served-models.ts";
import { sharedDocument } from "./shared-document.ts";

/** What answers for several models together. */
export interface SharedOptions {
  readonly models: ModelSet;
  readonly host: Pick<Host, "peers">;
  /** Resolves when those models are loaded that should be before anybody asks. */
  started(): Promise<void>;
  readonly admin?: Admin | undefined;
  readonly documentation?: Pick<DocumentationOptions, "file"> | undefined;
  /** Ways in which a caller can say who they are. */
  readonly schemes: readonly SecurityScheme[];
  /** Protocols that are on. */
  readonly protocols: ProtocolEndpoints | undefined;
  readonly metrics?: Metrics | undefined;
  /** Pages for people. */
  readonly pages?: Readonly<Record<string, Handlers>> | undefined;
  readonly metricsToken?: string | undefined;
}

/**
 * Endpoints that models share which serve together: whether each is ready, numbers, documents, and what operators may do.
 *
 * @param options The models, and what there is of it.
 *
 * @returns Answers by path.
 */
export function sharedEndpoints(options: SharedOptions): Readonly<Record<string, Handlers>> {
  const { models, host, started, admin, documentation, metrics, metricsToken } = options;
  const text = metrics && (() => joinMetrics([metrics.text(), ofSet(models), ...textsOf(models)]));
  const allText = text && (host.peers?.metrics(text) ?? (async () => text()));
  return {
    "/livez": { GET: () => ({ status: "ok" }) },
    "/readyz": {
      async GET() {
        await started();
        const list = models.list();
        const states = Object.fromEntries(list.map((model) => [model.name, model.state()]));
        if (list.some((model) => model.state() !== "failed")) return { status: "ready", models: states };
        const found = list.length === 0 ? "no model was found" : "none of the models can be opened";
        throw new LaunchpadError("NOT_READY", `${found}, expected one at least`);
      },
    },
    "/readyz/{model}": {
      async GET(_request, { model: name = "" }, context) {
        const model = await models.find(decodeURIComponent(name));
        if (model === undefined) throw new LaunchpadError("NOT_FOUND", "There is no model of this name");
        try {
          await model.ready((task) => context.waitUntil(task));
        } catch (cause) {
          throw new LaunchpadError("NOT_READY", messageOf(cause), { cause });
        }
        return { status: "ready" };
      },
    },
    ...(documentation && docsEndpoints(sharedDocument(models, options.schemes, options.protocols), documentation)),
    ...options.pages,
    ...(allText && {
      "/metrics": {
        async GET(request, _path, { headers }) {
          if (metricsToken !== undefined) await authorize(request, metricsToken, headers);
          const [own, more] = await Promise.all([allText(), moreOf(models)]);
          return new Response(own + more, { headers: { ...headers, "content-type": metricsType } });
        },
      } satisfies Handlers,
    }),
    ...(admin && {
      "/admin/refresh": {
        async POST(request, _path, { headers }) {
          await authorize(request, admin.token, headers);
          return admin.refresh();
        },
      } satisfies Handlers,
    }),
  };
}

/** The numbers of each model that somebody has asked for. */
function textsOf(models: ModelSet): string[] {
  return models.list().flatMap((model) => {
    const metrics = model.opened()?.options.metrics;
    return metrics ? [metrics.text({ model: model.name })] : [];
  });
}

/** What is made of each when somebody asks. */
async function moreOf(models: ModelSet): Promise<string> {
  const texts = models.list().map((model) => model.opened()?.options.moreMetrics?.({ model: model.name }) ?? "");
  return joinMetrics(await Promise.all(texts));
}

const states: readonly ModelState[] = ["idle", "ready", "failed"];

/** What no model knows of itself. */
function ofSet(models: ModelSet): string {
  const all = models.list().map((model) => model.state());
  const counts = states.map(
    (state) => `launchpad_models{state="${state}"} ${all.filter((one) => one === state).length}\n`,
  );
  return (
    `# HELP launchpad_models Models that serve together.\n# TYPE launchpad_models gauge\n${counts.join("")}` +
    "# HELP launchpad_model_unloads_total Models that were let go because others needed the room.\n" +
    `# TYPE launchpad_model_unloads_total counter\nlaunchpad_model_unloads_total ${models.unloads()}\n`
  );
}
