// `npm run setup`: installs what the tests start besides what npm installs, and says what it does.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { type Program, programs } from "./programs.ts";

const missing = Object.entries<Program>(programs).filter(([, { find }]) => find() === undefined);
for (const [name, { purpose }] of Object.entries<Program>(programs)) {
  const state = missing.some(([one]) => one === name) ? "missing" : "there";
  console.log(`${state.padEnd(8)}${name.padEnd(17)}for ${purpose}`);
}
const packages = [...new Set(missing.flatMap(([, program]) => program.packages))];
if (packages.length === 0) {
  console.log("Everything is there. Nothing was installed.");
} else if (spawnSync("apt-get", ["--version"]).error !== undefined) {
  console.log(
    `Debian and Ubuntu call what is missing ${packages.join(" ")}. This system has no apt-get: install its own, or run the tests in a ` +
      "container of Debian.",
  );
  process.exitCode = 1;
} else {
  const sudo = process.getuid?.() === 0 ? [] : ["sudo"];
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
    const [program = "", ...rest] = [...sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args];
    console.log(`> ${[program, ...rest].join(" ")}`);
    const { status } = spawnSync(program, rest, { stdio: "inherit" });
    if (status !== 0) {
      process.exitCode = status ?? 1;
      break;
    }
  }
}
