import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const docs = fileURLToPath(new URL("../.pages/", import.meta.url));

/** Pages of a folder by their numbers, titled as their first line says. */
function pages(folder: string) {
  return readdirSync(`${docs}${folder}`)
    .filter((file) => file.endsWith(".md"))
    .sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b))
    .map((file) => ({
      text: /^# (.*)$/m.exec(readFileSync(`${docs}${folder}/${file}`, "utf8"))?.[1] ?? file,
      link: `/${folder}/${file.replace(/\.md$/, "")}`,
    }));
}

export default defineConfig({
  title: "Launchpad",
  description: "The best way to publish a machine-learning model",
  srcDir: ".pages",
  outDir: "dist",
  cacheDir: ".cache",
  lastUpdated: false,
  // Files of the project beside the documentation.
  ignoreDeadLinks: [/^\/api\//, /^(\.\.?\/)+(examples|src|test|runtimes|README|CONTRIBUTING|CHANGELOG|SECURITY)/],
  themeConfig: {
    search: { provider: "local" },
    nav: [
      { text: "Guide", link: "/guide/1.first-model" },
      { text: "Reference", link: "/reference/1.configuration" },
      { text: "API", link: "/api/index.html", target: "_self" },
    ],
    sidebar: [
      { text: "Guide", items: pages("guide") },
      { text: "Reference", items: pages("reference") },
      { text: "Internals", items: pages("internals"), collapsed: true },
    ],
  },
});
