/*
 * Sends requests with autocannon, in a process of its own: what to send comes in the standard input as JSON, what came of it
 * goes to the standard output. Autocannon's own histogram knows whole milliseconds only, so latencies are collected here.
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import autocannon from "autocannon";
import { quantile } from "./statistics.ts";

const { origin, request, options } = JSON.parse(readFileSync(0, "utf8"));
const { path, ...rest } = request;
const { seconds, connections, rate } = options;
const latencies: number[] = [];
let failures = 0;
const settings = { ...rest, url: origin + path, duration: seconds, connections, ...(rate && { overallRate: rate }) };
const run = autocannon(settings, (error, result) => {
  if (error) throw error;
  failures += result.errors + result.timeouts;
  const [p50, p99] = [0.5, 0.99].map((part) => quantile(latencies, part));
  const requests = latencies.length;
  process.stdout.write(JSON.stringify({ requests, perSecond: requests / result.duration, p50, p99, failures }));
});
run.on("response", (_client, status, _bytes, latency) => {
  latencies.push(latency);
  if (status !== 200) failures += 1;
});
