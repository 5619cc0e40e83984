import { readFileSync } from "node:fs";
import process from "node:process";
import { digestOf, type Question } from "./digest.ts";

const questions: readonly Question[] = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
for (const question of questions) console.log(await digestOf(question));
