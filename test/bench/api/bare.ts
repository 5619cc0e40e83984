/*
 * What the API is measured against: a bare Hono app that reads the same query, calls the same model function and returns
 * the same JSON, without validating anything.
 *
 *   node bare.ts CONTENTS
 *
 * CONTENTS is the file in which the model store keeps the model. Prints the URL to the standard error stream.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { serve } from "@hono/node-server";
import model from "../../../examples/iris/tree_model.ts";
import { bareApp } from "./bare-app.ts";

const app = bareApp(await model.codec?.decode(readFileSync(process.argv[2] ?? "")));
const report = (port: number) => process.stderr.write(`Serving at http://127.0.0.1:${port}\n`);

interface Runtimes {
  Bun?: { serve(options: object): { readonly port: number } };
  Deno?: { serve(options: object, handler: unknown): { readonly addr: { readonly port: number } } };
}
const { Bun, Deno } = globalThis as Runtimes;
if (Deno) report(Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch).addr.port);
else if (Bun) report(Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: app.fetch }).port);
else serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => report(port));
