import { routeTo } from "../../api/routes.ts";
import type { Endpoint } from "../protocols/endpoint.ts";
import type { Handlers } from "../request-context.ts";

/** Endpoints whose paths have no name before them. Those of operators ask for a token of their own, if there is one. */
export function endpointsAt(
  handlers: Readonly<Record<string, Handlers>>,
  { metricsToken }: { readonly metricsToken?: string | undefined },
): Endpoint[] {
  return Object.entries(handlers).map(([path, at]) => {
    const asksItself =
      path.startsWith("/admin/") || (metricsToken !== undefined && ["/metrics", "/drift", "/rollout"].includes(path));
    const modelIn = path.includes("{model}") ? { modelIn: "model" } : {};
    return { route: routeTo(path), template: path, handlers: at, predicts: false, asksItself, ...modelIn };
  });
}
