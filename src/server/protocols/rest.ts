import { routesOf } from "../../api/routes.ts";
import { resourceHandlers } from "../resource-handler.ts";
import type { Protocol } from "./protocol.ts";

/** The API that a RAML or OpenAPI file, or the model's schemas, describe. */
export const rest: Protocol = {
  name: "rest",
  endpoints: (options, taken) =>
    routesOf(options.definition, options.basePath, taken).map((route) => ({
      route,
      template: options.basePath + route.path,
      // Several resources may share a path, each with its own methods.
      handlers: Object.assign({}, ...route.resources.map((resource) => resourceHandlers(resource, options))),
      predicts: true,
    })),
};
