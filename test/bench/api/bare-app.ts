import { Hono } from "hono";
import model from "../../../examples/iris/tree_model.ts";

/** What the model uses of a run. */
const run = {
  orderColumns: (data: Record<string, unknown>) =>
    Object.fromEntries(
      Object.keys(data)
        .sort()
        .map((name) => [name, data[name]]),
    ),
};

/**
 * Creates the app.
 *
 * @param contents The contents of the model.
 *
 * @returns A Hono app with one route.
 */
export function bareApp(contents: unknown): Hono {
  const app = new Hono();
  const predict = model.predict as (contents: unknown, args: unknown, run: unknown) => object;
  app.get("/iris/v0/varieties", (context) => context.json(predict(contents, context.req.query(), run)));
  return app;
}
