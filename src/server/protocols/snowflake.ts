import { isRecord } from "../../schema/types.ts";
import { askedModel } from "./asked-model.ts";
import { list, shape } from "./describe/shape.ts";
import { rowsOfInstances } from "./instances.ts";
import { invalid } from "./invalid.ts";
import { readJsonRequest } from "./json-request.ts";
import type { Protocol } from "./protocol.ts";

/**
 * Snowflake's external functions: `data` is a list of rows, each its number and the arguments; the answer has the same numbers
 * with the predictions (https://docs.snowflake.com/en/sql-reference/external-functions-data-format). A batch may be sent again.
 */
export const snowflake: Protocol = {
  name: "snowflake",
  title: "Snowflake external functions",
  errors: ({ detail }) => ({ body: { error: detail } }),
  below: "/snowflake/",
  paths: (server) => [
    {
      path: "/snowflake/{model}",
      predicts: true,
      about: () => ({
        POST: [
          "Predictions of rows, each with its number and its arguments",
          shape({ data: list(list({})) }),
          shape({ data: list(list({})) }),
        ],
      }),
      handlers: {
        async POST(request, path, context) {
          const model = await askedModel(server, path);
          const body = await readJsonRequest(request, model.maxBytes);
          if (!isRecord(body) || !Array.isArray(body.data)) throw invalid("data", "required: expected a list of rows");
          const numbers: unknown[] = [];
          const calls = body.data.map((row: unknown, index) => {
            if (!Array.isArray(row) || row.length === 0)
              throw invalid(`data[${index}]`, "expected a row number and arguments");
            const [number, ...values] = row;
            if (!Number.isSafeInteger(number)) throw invalid(`data[${index}]`, "expected a row number, a whole number");
            numbers.push(number);
            return values.length === 1 ? values[0] : values;
          });
          const predictions = await model.predict(rowsOfInstances(model.signature.inputs, calls, "data"), context);
          return { data: predictions.map((prediction, index) => [numbers[index], prediction]) };
        },
      },
    },
  ],
};
