import { LaunchpadError } from "../../../errors.ts";
import type { JsonSchema } from "../../../schema/json-schema.ts";
import { jsonOf, textOf } from "../../body/bytes.ts";
import { readEncodedBody } from "../../body/encoded-body.ts";
import type { RequestContext } from "../../request-context.ts";
import { onlyModelOf } from "../asked-model.ts";
import { rowsOfCsv } from "../csv-rows.ts";
import { type About, list, shape, text as words } from "../describe/shape.ts";
import { instanceOf } from "../instances.ts";
import { mediaTypeOf } from "../json-request.ts";
import type { Protocol, ProtocolServer } from "../protocol.ts";
import { withParameters } from "../vertex.ts";
import { rowsOfJson } from "./forms.ts";

const types = ["application/json", "text/csv"] as const;

/** MLflow's scoring server (https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally). */
export const mlflow: Protocol = {
  name: "mlflow",
  title: "MLflow scoring",
  errors: ({ detail, status }) => ({
    body: { error_code: status < 500 ? "BAD_REQUEST" : "INTERNAL_ERROR", message: detail },
  }),
  paths: (server) => [
    { path: "/ping", predicts: false, about: pongAbout, handlers: { GET: pong(server) } },
    { path: "/health", predicts: false, about: pongAbout, handlers: { GET: pong(server) } },
    {
      path: "/version",
      predicts: false,
      about: () => ({ GET: ["The version of the server, as text"] }),
      handlers: { GET: (_request, _path, { headers }) => respond(server, server.version, headers) },
    },
    {
      path: "/invocations",
      predicts: true,
      about(shapes) {
        const rows = list(instanceOf(shapes));
        const forms: Record<string, JsonSchema> = {
          dataframe_split: shape({ columns: list(words), data: list(list({})) }),
          dataframe_records: list(shapes.row),
          instances: rows,
          inputs: { anyOf: [rows, { type: "object" }] },
        };
        const taken = Object.entries(forms).map(([name, form]) =>
          shape({ [name]: form, "params?": { type: "object" } }),
        );
        return { POST: ["Predictions of rows", { anyOf: taken }, shape({ predictions: list(shapes.prediction) })] };
      },
      handlers: {
        async POST(request, _path, context) {
          const model = await onlyModelOf(server);
          const type = mediaTypeOf(request, types);
          refuseParameters(request);
          const text = textOf(await readEncodedBody(request, model.maxBytes));
          const { inputs } = model.signature;
          const { rows, params } =
            type === "text/csv"
              ? { rows: rowsOfCsv(text, inputs, true), params: undefined }
              : rowsOfJson(jsonOf(text), inputs);
          return { predictions: await model.predict(withParameters(rows, params), context) };
        },
      },
    },
  ],
};

const pongAbout = (): Readonly<Record<string, About>> => ({ GET: ["Whether it is ready: an empty line"] });

function pong(server: ProtocolServer) {
  return async (_request: Request, _path: object, context: RequestContext): Promise<Response> => {
    await server.ready((task) => context.waitUntil(task));
    return respond(server, "\n", context.headers);
  };
}

function respond(
  { respond: make = (body, init) => new Response(body, init) }: ProtocolServer,
  text: string,
  headers: Record<string, string>,
): Response {
  return make(text, { headers });
}

/** MLflow takes a character set and nothing else. */
function refuseParameters(request: Request): void {
  const [, ...parameters] = (request.headers.get("content-type") ?? "").split(";");
  const unknown = parameters.find((parameter) => !/^\s*(charset\s*=.*)?$/i.test(parameter));
  if (unknown === undefined) return;
  throw new LaunchpadError("MEDIA_TYPE_UNSUPPORTED", "The content type has a parameter: expected none but charset");
}
