import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Builds the pages for people: one script, one style sheet, one document.
 *
 * @param folder The folder to write them to.
 */
export async function buildPages(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [at("site/page.tsx"), at("site/page.css")],
    outdir: folder,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    alias: { "mllaunchpad/metrics": at("../../src/metrics.ts") },
    legalComments: "linked",
    logLevel: "warning",
  });
  await copyFile(at("site/index.html"), `${folder}/index.html`);
}
