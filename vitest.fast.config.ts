import { configDefaults, mergeConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** What takes seconds by its nature: thousands of schemas or damaged files, or tens of megabytes. */
const thorough = [
  "test/unit/schema/against-ajv.test.ts",
  "test/unit/schema/compat/breaks.test.ts",
  "test/unit/data/parquet/damaged.test.ts",
  "test/unit/data/location/limits.test.ts",
  "test/unit/data/location/compression.test.ts",
  "test/unit/store/store.test.ts",
];

/**
 * The daily loop, `npm run test:fast`: properties are tried for part of a second each, and files share what they import. CI
 * tries everything to its end, each file by itself.
 */
export default mergeConfig(base, {
  test: {
    isolate: false,
    setupFiles: ["test/support/brief-properties.ts"],
    exclude: [...configDefaults.exclude, ...thorough],
  },
});
