import { bestPeer, type Goal } from "./tool/goals.ts";

const built = "Launchpad, built";

const promised =
  "the headers that every response is promised (a request id and two of the model), checking, and metrics cost 2 to 6 % of a request each; no function costs more than 2 %";

const crowded =
  "the load generator has the same two cores: it takes much more of them where more is answered; the processor time of a request, below, has no part of it";

const alone =
  "one process of workerd beside two of all others: a bare Hono app has no more than 9/8 of the requests there";

/** `ext:deno_http/00_serve.ts` in Deno 2.9.6 */
const ofDeno =
  "more than one header of a response takes Deno off its fast path, and a quarter of its requests with it; the first look at the headers of a request, for its id and its trace, takes a tenth";

const evenly =
  "no part takes much more than others: finding cells 14 %, reading numbers 13 %, texts 9 %, the garbage collector 9 %, and none does work twice";

/** With one core, it takes 0.50 s instead of 0.38. */
const asArrow =
  "pandas 3 keeps texts as Arrow does, and does a quarter of its work in a second thread, which there is not here";

const cold = (milliseconds: string) =>
  `loading 183 kB of code, beside 20 kB, takes ${milliseconds} ms, and the code that opens the API and the model 8 ms, because it runs for the first time`;

/** What is to be reached. */
export const goals: readonly Goal[] = [
  ...[built, "Launchpad api"].map((of) => ({
    what: "requests per second, of bare Hono's",
    benchmark: "requests",
    measure: "requests per second",
    of,
    to: "bare Hono",
    atLeast: 0.9,
    obstacle: { Node: promised, Bun: promised, Deno: ofDeno, workerd: promised },
  })),
  ...["Node", "Bun", "Deno", "workerd"].flatMap((runtime): Goal[] => {
    const obstacle = runtime === "workerd" ? alone : crowded;
    const row = { benchmark: "peers", measure: "requests per second", of: `Launchpad on ${runtime}`, obstacle };
    return [
      { ...row, what: "requests per second, of ML Launchpad's", to: "ML Launchpad", atLeast: 30 },
      { ...row, what: "requests per second, of the best Python peer's", to: bestPeer, atLeast: 5 },
    ];
  }),
  {
    what: "p99 latency at half load, of bare Hono's",
    benchmark: "latency",
    measure: "latency at half load, p99",
    of: built,
    to: "bare Hono",
    atMost: 1.2,
  },
  {
    what: "start to first prediction, of bare Hono's",
    benchmark: "start",
    measure: "start to first prediction",
    subject: /^(Node|Bun|Deno)$/,
    of: built,
    to: "bare Hono",
    atMost: 1.3,
    obstacle: { Bun: cold("6"), Deno: cold("11") },
  },
  {
    what: "start to first prediction, of bare Hono's",
    benchmark: "start",
    measure: "start to first prediction",
    subject: /^workerd$/,
    of: built,
    to: "bare Hono",
    atMost: 1.5,
  },
  {
    what: "start to first prediction, of ML Launchpad's",
    benchmark: "peers-start",
    measure: "start to first prediction",
    of: "Launchpad on Node, built",
    to: "ML Launchpad",
    atMost: 1 / 5,
  },
  {
    what: "memory after 100,000 requests, of that when warm",
    benchmark: "memory",
    measure: "memory",
    subject: /Launchpad/,
    of: "after load",
    to: "when warm",
    atMost: 1.1,
    obstacle: { "workerd, Launchpad, built": "that of workerd itself grows: a bare server's does as much" },
  },
  {
    what: "memory after load, of ML Launchpad's",
    benchmark: "peers",
    measure: "memory after load",
    of: "Launchpad on Node",
    to: "ML Launchpad",
    atMost: 1 / 4,
    obstacle:
      "each process of Node has more than 40 MB before it has done anything, and there are three, with the one that watches; " +
      "where one serves alone, it has a fifth of what ML Launchpad has, and answers more than all of its processes",
  },
  ...["Node", "Bun", "Deno"].flatMap((of) => [
    {
      what: "CSV to a frame, speed of pandas'",
      benchmark: "csv-pandas",
      measure: "speed",
      of,
      to: "pandas",
      atLeast: 2,
      obstacle: { "CSV of 100 MB, pandas 2.2.3": evenly, "CSV of 100 MB, pandas 3.1.1": asArrow },
    },
    {
      what: "CSV to a frame, peak memory of pandas'",
      benchmark: "csv-pandas",
      measure: "peak memory",
      of,
      to: "pandas",
      atMost: 1,
      obstacle: "the engine: the same code takes less on Node and Deno",
    },
  ]),
];
