import { routesOf } from "../../api/routes.ts";
import type { ApiOptions } from "../api-options.ts";
import { resourceHandlers } from "../resource-handler.ts";
import type { Endpoint } from "./endpoint.ts";

/**
 * Endpoints of the API that a RAML or OpenAPI file, or the model's schemas, describe.
 *
 * @param options The API of the model.
 * @param taken Paths that are taken already.
 *
 * @returns The endpoints, the more exact path first.
 *
 * @throws API_INVALID when paths clash.
 */
export function restEndpoints(options: ApiOptions, taken: readonly string[]): readonly Endpoint[] {
  return routesOf(options.definition, options.basePath, taken).map((route) => ({
    route,
    template: options.basePath + route.path,
    // Several resources may share a path, each with its own methods.
    handlers: Object.assign({}, ...route.resources.map((resource) => resourceHandlers(resource, options))),
    predicts: true,
  }));
}
