#!/usr/bin/env node
import process from "node:process";
import { exit } from "../process/exit.ts";
import { runCommandLine } from "./command-line.ts";
import { isScoringThread, runScoringThread } from "./scoring/thread.ts";

if (isScoringThread()) await runScoringThread();
else exit(await runCommandLine(process.argv.slice(2)));
