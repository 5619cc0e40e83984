import process from "node:process";
import { createFileHost } from "../../../runtimes/hosts/server-host.ts";
import { type Place, runSuite } from "./suite.ts";

/** Runs the suite in the places that the argument lists, and prints what came of it. */
const places: Record<string, Place> = JSON.parse(process.argv[2] ?? "{}");
const host = createFileHost({ name: "test", version: "0" });
const outcomes: Record<string, unknown> = {};
for (const [name, place] of Object.entries(places)) outcomes[name] = await runSuite(host, place);
console.log(JSON.stringify(outcomes));
