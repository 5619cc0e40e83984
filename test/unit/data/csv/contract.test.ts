import { existsSync, readFileSync } from "node:fs";
import { sinkContract } from "../../../contract/sink.ts";
import { sourceContract } from "../../../contract/source.ts";
import { testHost } from "../../../support/host.ts";
import { openCsv, openCsvSink, temporaryFile } from "./files.ts";

const raw = [
  "name,petals,width",
  "setosa,3,0.5",
  '"versicolor, 100 %",4,',
  ",5,1.25",
  '"a ""quoted"" one",-6,-2.0',
  "Ähre 🌾,7,1e-07",
  "",
].join("\n");
const host = testHost();

sourceContract("csv", {
  raw,
  open: ({ signal, empty } = {}) =>
    openCsv(temporaryFile(empty ? "name,petals,width\n" : raw), {}, host, ...(signal ? [signal] : [])),
  missing: () => openCsv("/nowhere/missing.csv", {}, host),
});

sinkContract("csv", () => {
  const path = temporaryFile();
  return {
    open: ({ signal } = {}) => openCsvSink(path, {}, host, ...(signal ? [signal] : [])),
    read: async () => (existsSync(path) ? (await openCsv(path, {}, host)).frame() : undefined),
    readRaw: async () => readFileSync(path, "utf8"),
  };
});
