import { memory } from "./floor/memory.ts";
import { latency, requests } from "./floor/requests.ts";
import { size } from "./floor/size.ts";
import { start } from "./floor/start.ts";
import { body } from "./growth/body.ts";
import { columns } from "./growth/columns.ts";
import { connections } from "./growth/connections.ts";
import { models } from "./growth/models.ts";
import { resources } from "./growth/resources.ts";
import { store } from "./growth/store.ts";
import { hosts } from "./hosts/benchmark.ts";
import { batches, csv, csvPandas } from "./lifecycle/csv.ts";
import { lifecycle } from "./lifecycle/iris.ts";
import { sql } from "./lifecycle/sql.ts";
import { peersLoad, peersStart } from "./peers/benchmark.ts";
import { readers } from "./readers/benchmark.ts";
import type { Benchmark } from "./tool/benchmark.ts";

/** Everything that is measured, by the name that `--only` takes, in the order of the report. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  requests: { what: "Requests per second and latency of the iris API at full load, on each runtime", run: requests },
  latency: { what: "Latency of the iris API at half load, on each runtime", run: latency },
  start: { what: "From the start of a process to its first prediction, on each runtime", run: start },
  memory: { what: "Memory after the start and after load, on each runtime", run: memory },
  size: { what: "Size of the file that serves iris, for each runtime", run: size },
  lifecycle: { what: "The life of the iris model, beside the same by hand", run: lifecycle },
  csv: { what: "CSV to a frame on each runtime, beside papaparse", run: csv },
  "csv-pandas": { what: "CSV to a frame on each runtime, beside pandas", peers: true, run: csvPandas },
  batches: { what: "Memory while a large CSV file is read in batches", run: batches },
  sql: { what: "Rows of PostgreSQL and libSQL to frames, beside the bare client", run: sql },
  readers: { what: "Model files by their readers, beside the libraries in Python", peers: true, run: readers },
  hosts: { what: "Models in Python beside the same in Python alone", peers: true, run: hosts },
  "growth-store": { what: "Growth: 1 to 10,000 runs in a model store", run: store },
  "growth-columns": { what: "Growth: 1 to 200 columns", run: columns },
  "growth-resources": { what: "Growth: 1 to 500 resources in an API file", run: resources },
  "growth-models": { what: "Growth: 1 to 1,000 models in one process", run: models },
  "growth-connections": { what: "Growth: 1 to 256 connections", run: connections },
  "growth-body": { what: "Growth: 1 kB to 10 MB of body", run: body },
  peers: { what: "The iris API beside Python's model servers: requests, latency, memory", peers: true, run: peersLoad },
  "peers-start": { what: "Start to first prediction beside Python's model servers", peers: true, run: peersStart },
};
