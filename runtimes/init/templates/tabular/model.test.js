import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openLaunchpad } from "mllaunchpad/node";

// What test.yml says comes on top: models of tests stay in memory.
const launchpad = await openLaunchpad({ config: ["launchpad.yml", "test.yml"] });
const { target, task } = launchpad.config.model;
const { metrics } = await launchpad.train();
after(() => launchpad.close());

test("it is measured on rows that it was not trained on", () => {
  assert.ok(metrics.rows > 0);
  if (task === "regression") assert.ok(metrics.mae >= 0);
  else assert.ok(metrics.accuracy >= 0 && metrics.accuracy <= 1);
});

test("it predicts also when everything is missing", async () => {
  const { [target]: prediction } = await launchpad.predict({});
  assert.ok(task === "regression" ? Number.isFinite(prediction) : prediction !== undefined);
});
