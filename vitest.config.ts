import process from "node:process";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where CI wants to read how many tests passed, one file a version of Node. */
const results = process.env.TEST_RESULTS;

export default defineConfig({
  resolve: {
    alias: [
      { find: /^mllaunchpad$/, replacement: at("./src/index.ts") },
      { find: /^mllaunchpad\/(formats|metrics|plugin)$/, replacement: at("./src/$1.ts") },
      { find: /^mllaunchpad\/(node|deno|bun|cloudflare)$/, replacement: at("./runtimes/$1.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A skipped or focused test would count as passed.
    allowOnly: false,
    ...(results
      ? { reporters: ["default", "json"], outputFile: { json: `${results}/node-${process.versions.node}.json` } }
      : {}),
  },
});
