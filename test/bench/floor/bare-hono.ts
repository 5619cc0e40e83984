import { Hono } from "hono";
import { modelOf, orderColumns } from "./bare-model.ts";

/**
 * Creates the app that the API is measured against: it reads the same query, calls the same function and returns the same JSON,
 * without validating anything.
 *
 * @param contents The contents of the stored model, as text.
 *
 * @returns What answers requests.
 */
export function createFetch(contents: string) {
  const predict = modelOf(contents);
  const app = new Hono();
  app.get("/iris/v0/varieties", (context) => context.json(predict(orderColumns(context.req.query()))));
  return app.fetch;
}
