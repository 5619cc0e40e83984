import { copyFile, cp } from "node:fs/promises";
import { defineConfig } from "tsup";
import { buildPages } from "./runtimes/pages/build.ts";

/** What a user imports: the same names as in the exports of package.json. */
const library = {
  index: "src/index.ts",
  formats: "src/formats.ts",
  metrics: "src/metrics.ts",
  plugin: "src/plugin.ts",
  node: "runtimes/node.ts",
  deno: "runtimes/deno.ts",
  bun: "runtimes/bun.ts",
  cloudflare: "runtimes/cloudflare.ts",
};

/** What nobody imports by name: the command line, and the file in which Node 20 wants its module hooks. */
const programs = {
  cli: "runtimes/cli/main.ts",
  "typescript-hooks": "runtimes/modules/typescript-hooks.ts",
};

/** What the documentation page takes from Swagger UI, copied so that users have no package more to install. */
const swaggerUi = {
  "swagger-ui.css": "swagger-ui.css",
  "swagger-ui-bundle.js": "swagger-ui-bundle.js",
  "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui-bundle.js.LICENSE.txt",
  LICENSE: "swagger-ui.LICENSE.txt",
  NOTICE: "swagger-ui.NOTICE.txt",
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
  async onSuccess() {
    // Nobody imports it here: it is published for those who read metadata.
    await copyFile("src/store/runs/meta.schema.json", "dist/meta.schema.json");
    await cp("runtimes/pages/docs", "dist/docs", { recursive: true });
    await buildPages("dist/pages");
    await cp("runtimes/init/templates", "dist/init", { recursive: true });
    for (const language of ["python", "r"]) {
      await cp(`runtimes/model-hosts/${language}`, `dist/model-hosts/${language}`, {
        recursive: true,
        filter: (path) => !path.endsWith("__pycache__"),
      });
    }
    // `launchpad build` bundles from these: in what is built here, modules are joined that a package needs one of.
    for (const folder of ["src", "runtimes"]) {
      await cp(folder, `dist/sources/${folder}`, {
        recursive: true,
        filter: (path) => !/^runtimes\/(cli|init|build|pages|model-hosts\/(python|r))$/.test(path),
      });
    }
    for (const [file, copy] of Object.entries(swaggerUi)) {
      await copyFile(`node_modules/swagger-ui-dist/${file}`, `dist/docs/${copy}`);
    }
  },
});
