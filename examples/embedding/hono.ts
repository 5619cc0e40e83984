import process from "node:process";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { openLaunchpad } from "mllaunchpad/node";

const launchpad = await openLaunchpad();

const app = new Hono();
app.get("/", (context) => context.text("Predictions are below /ml"));
app.mount("/ml", launchpad.fetch);

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
