import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openLaunchpad } from "mllaunchpad/node";
import { unstable_startWorker as startWorker } from "wrangler";

// The package as it is deployed, with the bindings of wrangler.jsonc, in the runtime that Cloudflare has.
const worker = await startWorker({
  config: "wrangler.jsonc",
  dev: { server: { port: 0 }, inspector: false, logLevel: "error" },
});
after(() => worker.dispose());

test("the worker is ready", async () => {
  const response = await worker.fetch("http://worker/readyz");
  assert.deepEqual(await response.json(), { status: "ready" });
});

test("the worker predicts what is predicted here", async () => {
  const launchpad = await openLaunchpad({ config: "launchpad.yml" });
  const { paths, servers } = await (await worker.fetch("http://worker/openapi.json")).json();
  const [path] = Object.keys(paths);
  const args = { x: 3 };
  const response = await worker.fetch(`http://worker${servers[0].url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(args),
  });
  assert.deepEqual(await response.json(), await launchpad.predict(args));
  await launchpad.close();
});
