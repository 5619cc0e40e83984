import type { Plugin } from "esbuild";
import { LaunchpadError } from "../../src/internal.ts";
import { pageFile } from "../hosts/page-file.ts";

/** Module of a package that holds the files of the pages for people. */
export const pagesModule = "launchpad-pages:";

const names = ["index.html", "page.css", "page.js"];

/**
 * Creates the plugin of esbuild that brings the files of the pages into a package.
 *
 * @returns The plugin.
 */
export function pageFiles(): Plugin {
  const namespace = pagesModule.slice(0, -1);
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${pagesModule}`) }, ({ path }) => ({
        path: path.slice(pagesModule.length) || "all",
        namespace,
      }));
      build.onLoad({ filter: /.*/, namespace }, async ({ path }) => {
        if (path === "all") return { contents: moduleText() };
        const contents = await pageFile(path);
        if (contents !== undefined) return { contents, loader: "text" };
        throw new LaunchpadError(
          "DATA_UNAVAILABLE",
          `the files of the pages are missing (api.pages): expected ${path} beside the command. Install the package again`,
        );
      });
    },
  };
}

function moduleText(): string {
  const imports = names.map((name, at) => `import file${at} from "${pagesModule}${name}";`);
  const entries = names.map((name, at) => `"${name}": file${at}`).join(", ");
  return `${imports.join("\n")}
const files = { ${entries} };
export const pageFile = async (name) => Object.hasOwn(files, name) ? new TextEncoder().encode(files[name]) : undefined;`;
}
