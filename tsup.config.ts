import { copyFile } from "node:fs/promises";
import { defineConfig } from "tsup";

/** What a user imports: the same names as in the exports of package.json. */
const library = {
  index: "src/index.ts",
  node: "runtimes/node.ts",
  deno: "runtimes/deno.ts",
  bun: "runtimes/bun.ts",
  cloudflare: "runtimes/cloudflare.ts",
};

/** What nobody imports by name: the command line, and the file in which Node 20 wants its module hooks. */
const programs = {
  cli: "runtimes/cli/main.ts",
  "typescript-hooks": "runtimes/shared/typescript-hooks.ts",
};

export default defineConfig({
  entry: { ...library, ...programs },
  dts: { entry: library },
  format: "esm",
  target: "es2022",
  platform: "neutral",
  external: [/^node:/],
  splitting: true,
  clean: true,
  // Nobody imports it here: it is published for those who read metadata.
  onSuccess: () => copyFile("src/store/meta.schema.json", "dist/meta.schema.json"),
});
