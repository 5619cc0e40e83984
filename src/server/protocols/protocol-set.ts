import { routeTo } from "../../api/routes.ts";
import type { Endpoint, ProtocolEndpoints } from "./endpoint.ts";
import type { ProtocolServer } from "./protocol.ts";
import { protocols } from "./table.ts";

/**
 * Set of the protocols that a configuration names. Where two of them have a path, the one that was named first answers.
 *
 * @param names Their names, checked.
 * @param server The models, and what the server is.
 *
 * @returns Their endpoints.
 */
export function protocolSet(names: readonly string[], server: ProtocolServer): ProtocolEndpoints {
  const on = names.flatMap((name) => protocols.find((protocol) => protocol.name === name) ?? []);
  const taken = new Set<string>();
  const endpoints = on.flatMap((protocol) =>
    protocol
      .paths(server)
      .flatMap(({ path, handlers, predicts, asksItself = false, modelInBody = false }): Endpoint[] => {
        if (taken.has(path)) return [];
        taken.add(path);
        const modelIn = path.includes("{model}") ? { modelIn: "model" } : {};
        return [
          {
            route: routeTo(path),
            template: path,
            handlers,
            predicts,
            asksItself,
            modelInBody,
            ...modelIn,
            errors: protocol.errors,
          },
        ];
      }),
  );
  return {
    endpoints,
    errorsBelow: (path) => on.find(({ below }) => below !== undefined && path.startsWith(below))?.errors,
  };
}
