import { createServer } from "node:http";
import process from "node:process";
import { createApp, defineEventHandler, toNodeListener, toWebRequest } from "h3";
import { openLaunchpad } from "mllaunchpad/node";

const launchpad = await openLaunchpad();

/** In Nuxt and Nitro: the default export of `server/routes/ml/[...].ts`. */
const route = defineEventHandler((event) => launchpad.fetch(below("/ml", toWebRequest(event))));

/** A route's handler gets the whole URL: Launchpad wants what comes after the prefix. */
function below(prefix: string, request: Request): Request {
  const url = new URL(request.url);
  url.pathname = url.pathname.slice(prefix.length) || "/";
  return new Request(url, request);
}

const app = createApp();
app.use("/ml", route);

createServer(toNodeListener(app)).listen(Number(process.env.PORT ?? 3000));
