import type { Resource } from "../../api/definition.ts";
import type { Body } from "../../api/validation/input.ts";
import type { Awaitable, Handlers, RequestContext } from "../request-context.ts";
import type { Prepare } from "./execute.ts";
import type { Jobs } from "./jobs.ts";

/** What a resource does with a request, step by step. */
export interface ResourceSteps {
  /** Path of the resource, below that of the API. */
  readonly route: string;
  body(request: Request): Promise<Body | undefined>;
  /** Checks what was sent; throws ARGUMENTS_INVALID. */
  validated(request: Request, path: Record<string, string>, body?: Body): Record<string, unknown>;
  predicted(args: Record<string, unknown>, context: RequestContext): Awaitable<unknown>;
}

/**
 * Creates handlers of a resource that make jobs of requests whose callers prefer that.
 *
 * @param jobs The jobs of the API.
 * @param own The handlers of the resource.
 * @param resource The resource.
 * @param steps What it does with a request.
 *
 * @returns One handler for each.
 */
export function offerJobs(jobs: Jobs, own: Handlers, resource: Resource, steps: ResourceSteps): Handlers {
  const { route, body, validated, predicted } = steps;
  const prepare: Prepare = async (request, path) => {
    const args = validated(request, path, request.method === "POST" ? await body(request) : undefined);
    return (context) => predicted(args, context);
  };
  const headers = resource.parameters.filter((one) => one.in === "header").map(({ name }) => name);
  return Object.fromEntries(
    Object.entries(own).map(([method, handler]) => [method, jobs.offer({ method, route, prepare, headers }, handler)]),
  );
}
