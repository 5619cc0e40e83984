import { isRecord } from "../../schema/types.ts";
import { askedModel } from "./asked-model.ts";
import { list, shape } from "./describe/shape.ts";
import { rowsOfInstances } from "./instances.ts";
import { invalid } from "./invalid.ts";
import { readJsonRequest } from "./json-request.ts";
import type { Protocol } from "./protocol.ts";
import { withParameters } from "./vertex.ts";

/**
 * BigQuery's remote functions: `calls`, each with the arguments of a row, become `replies`
 * (https://cloud.google.com/bigquery/docs/remote-functions). BigQuery may send a request again that was answered: predicting has
 * no effect, so that it may. What it calls `user_defined_context` are arguments of all rows.
 */
export const bigquery: Protocol = {
  name: "bigquery",
  title: "BigQuery remote functions",
  errors: ({ detail }) => ({ body: { errorMessage: detail } }),
  below: "/bigquery/",
  paths: (server) => [
    {
      path: "/bigquery/{model}",
      predicts: true,
      about: (shapes) => ({
        POST: [
          "Predictions of calls, each with the arguments of a row",
          shape({ calls: list(list({})), "userDefinedContext?": { type: "object" } }),
          shape({ replies: list(shapes.prediction) }),
        ],
      }),
      handlers: {
        async POST(request, path, context) {
          const model = await askedModel(server, path);
          const body = await readJsonRequest(request, model.maxBytes);
          if (!isRecord(body) || !Array.isArray(body.calls))
            throw invalid("calls", "required: expected a list of calls");
          const calls = body.calls.map((call, index) => argumentsOf(call, `calls[${index}]`));
          const rows = withParameters(rowsOfInstances(model.signature.inputs, calls, "calls"), body.userDefinedContext);
          return { replies: await model.predict(rows, context) };
        },
      },
    },
  ],
};

/** One argument that is an object is the row itself: `TO_JSON(STRUCT(...))`. */
function argumentsOf(call: unknown, where: string): unknown {
  if (!Array.isArray(call)) throw invalid(where, "expected a list of arguments");
  return call.length === 1 ? call[0] : call;
}
