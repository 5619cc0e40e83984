// Answers requests, and prints how much each adds to what V8 collects only when it looks through the whole heap, in bytes.
import { setImmediate } from "node:timers/promises";
import { getHeapSpaceStatistics } from "node:v8";
import memoryDriver from "unstorage/drivers/memory";

const dist = (file) => import(new URL(`../../dist/${file}`, import.meta.url).href);
const { createLaunchpad, defineModel } = await dist("index.js");
const { createHost } = await dist("node.js");

const model = defineModel({
  train: () => 2,
  test: () => ({}),
  predict: (two, { x }, { orderColumns }) => ({ y: two * Object.values(orderColumns({ x }))[0] }),
});
const config = {
  model_store: { location: "memory:" },
  model: { name: "doubled", version: "1.0.0", module: "doubled" },
  api: { name: "doubled" },
};
const launchpad = createLaunchpad({ config, model, host: { ...createHost(), openStorage: () => memoryDriver() } });
await launchpad.train();

const request = new Request("http://localhost/doubled/v1/predictions", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: '{"x":1}',
});
async function answer(count) {
  for (let answered = 0; answered < count; answered++) {
    const { status } = await launchpad.fetch(request.clone());
    if (status !== 200) throw new Error(`${status}`);
    if (answered % 20 === 0) await setImmediate();
  }
}
const late = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space").space_used_size;

await answer(10_000);
const before = late();
await answer(20_000);
console.log(Math.round((late() - before) / 20_000));
