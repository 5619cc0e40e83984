import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    node: "runtimes/node.ts",
    deno: "runtimes/deno.ts",
    bun: "runtimes/bun.ts",
    cloudflare: "runtimes/cloudflare.ts",
  },
  format: "esm",
  target: "es2022",
  platform: "neutral",
  splitting: true,
  dts: true,
  clean: true,
});
