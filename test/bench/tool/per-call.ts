import { Bench } from "tinybench";

/**
 * How long a function takes, in milliseconds: the median of its calls within some time, after some that do not count.
 *
 * @param work The function.
 * @param time How long to call it, in milliseconds.
 * @param least How often at least.
 */
export async function perCall(work: () => unknown, time = 200, least = 3): Promise<number> {
  const bench = new Bench({ time, iterations: least, warmupTime: time / 4, warmupIterations: 1, throws: true });
  bench.add("work", async () => {
    await work();
  });
  const [task] = await bench.run();
  if (task?.result.state !== "completed") throw new Error(`not measured: ${task?.result.state}`);
  return task.result.latency.p50;
}
