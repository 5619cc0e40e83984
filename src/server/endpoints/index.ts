import { withSecurity } from "../../api/write/openapi/security.ts";
import { createOpenApiDocument } from "../../api/write/openapi.ts";
import { LaunchpadError, messageOf } from "../../errors.ts";
import type { ApiOptions } from "../api-options.ts";
import { defaultMaxBytes } from "../body/bytes.ts";
import { usualLimits } from "../body/limits.ts";
import { readBody } from "../body/read-body.ts";
import { metricsType } from "../metrics/metrics.ts";
import { pagesEndpoints } from "../pages/endpoints.ts";
import type { Handlers } from "../request-context.ts";
import { authorize } from "./admin.ts";
import { docsEndpoints } from "./docs.ts";

/** What a caller is told; the log says more. */
const notFollowed = "A newer model could not be loaded. The one before goes on; the server's log says why.";

/**
 * Endpoints that Launchpad answers itself.
 *
 * @param options What the API is made of.
 *
 * @returns Answers by path.
 */
export function builtInEndpoints(options: ApiOptions): Readonly<Record<string, Handlers>> {
  const { definition, basePath, unknownParameters, maxBodyBytes = defaultMaxBytes, ready, failing, admin } = options;
  const { documentation, metrics, allMetrics, moreMetrics, drift, feedback, rollout, metricsToken, pages, protocols } =
    options;
  return {
    ...options.guardEndpoints,
    "/livez": { GET: () => ({ status: "ok" }) },
    "/readyz": {
      async GET(_request, _path, context) {
        try {
          await ready(context);
        } catch (cause) {
          throw new LaunchpadError("NOT_READY", messageOf(cause), { cause });
        }
        return { status: "ready", ...(failing?.() && { refresh: notFollowed }) };
      },
    },
    ...(documentation &&
      docsEndpoints(
        memoized(() => {
          const document = createOpenApiDocument(definition, {
            version: documentation.version,
            unknownParameters,
            jobs: options.jobs?.documented,
            server: protocols ? "." : `.${basePath}`,
            more: protocols?.describe(options),
          });
          return options.schemes?.length ? withSecurity(document, options.schemes) : document;
        }),
        documentation,
      )),
    ...(pages && pagesEndpoints(options, pages)),
    ...(metrics && {
      "/metrics": {
        async GET(request, _path, { headers }) {
          if (metricsToken !== undefined) await authorize(request, metricsToken, headers);
          const [text, more] = await Promise.all([allMetrics?.() ?? metrics.text(), moreMetrics?.() ?? ""]);
          return new Response(text + more, { headers: { ...headers, "content-type": metricsType } });
        },
      } satisfies Handlers,
    }),
    ...(drift && {
      "/drift": {
        async GET(request, _path, { headers }) {
          if (metricsToken !== undefined) await authorize(request, metricsToken, headers);
          return drift();
        },
      } satisfies Handlers,
    }),
    ...(rollout && {
      "/rollout": {
        async GET(request, _path, { headers }) {
          if (metricsToken !== undefined) await authorize(request, metricsToken, headers);
          return rollout();
        },
      } satisfies Handlers,
    }),
    ...(feedback && {
      "/feedback": {
        async GET(request, _path, { headers }) {
          if (metricsToken !== undefined) await authorize(request, metricsToken, headers);
          return feedback.state();
        },
        async POST(request, _path, context) {
          const body = await readBody(request, {
            sent: false,
            maxBytes: maxBodyBytes,
            whole: true,
            files: new Set(),
            limits: options.bodyLimits ?? usualLimits,
          });
          return feedback.take(body && "json" in body ? body.json : undefined, (task) => context.waitUntil(task));
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

/** Made when it is first asked for. */
function memoized<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
