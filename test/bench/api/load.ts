/*
 * Sends requests to a URL for some seconds, over connections that are kept alive, in a process of its own.
 *
 *   node load.ts URL SECONDS CONNECTIONS
 *
 * Prints requests per second and the median latency, in milliseconds, as JSON. Autocannon's own histogram knows whole
 * milliseconds only, so latencies are collected here.
 */
import process from "node:process";
import autocannon from "autocannon";

const [url = "", seconds = "1", connections = "8"] = process.argv.slice(2);
const latencies: number[] = [];
let failures = 0;
const run = autocannon({ url, duration: Number(seconds), connections: Number(connections) }, (error, result) => {
  if (error) throw error;
  failures += result.errors + result.timeouts;
  const sorted = Float64Array.from(latencies).sort();
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  process.stdout.write(
    JSON.stringify({ requests: latencies.length, perSecond: latencies.length / result.duration, median, failures }),
  );
});
run.on("response", (_client, status, _bytes, latency) => {
  latencies.push(latency);
  if (status !== 200) failures += 1;
});
