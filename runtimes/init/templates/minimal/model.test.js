import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openLaunchpad } from "mllaunchpad/node";

// What test.yml says comes on top: models of tests stay in memory.
const launchpad = await openLaunchpad({ config: ["launchpad.yml", "test.yml"] });
await launchpad.train();
after(() => launchpad.close());

test("it predicts", async () => {
  assert.deepEqual(await launchpad.predict({ x: 3 }), { y: 6 });
});
