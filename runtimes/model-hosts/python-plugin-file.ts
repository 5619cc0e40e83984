import { readFileSync } from "node:fs";
import { findFile, withFolders } from "../modules/load.ts";

/**
 * Finds a module in Python that a configuration names as a plugin: below its folder, below the working folder, or in the package whose
 * folder the configuration is in, as ML Launchpad would import it.
 *
 * @param name What the configuration says: `examples.bogusdatasource`.
 * @param base The configuration file.
 * @param cwd The working folder.
 *
 * @returns The URL of its file; undefined if there is none.
 */
export function findPythonPlugin(name: string, base: URL, cwd: URL | undefined): URL | undefined {
  const paths = [...new Set([name, withFolders(name)])];
  const places = [base, ...(cwd ? [cwd] : []), new URL("..", base)];
  for (const place of places) {
    const found = paths.flatMap((path) => findFile(path, place, name.endsWith(".py") ? [""] : [".py"]) ?? [])[0];
    if (found) return found;
  }
  return undefined;
}

const classes = /^class\s+(\w+)\s*\(([^)]*)\)\s*:((?:\n(?:[ \t#].*)?)*)/gm;

/**
 * Reads what stands in the text of a module about the types that its classes serve.
 *
 * @param module The URL of its file.
 *
 * @returns The types of each class that says which.
 */
export function servedBy(module: URL): { readonly kind: "source" | "sink"; readonly serves: string[] }[] {
  const text = readFileSync(module, "utf8").replaceAll("\r", "");
  return [...text.matchAll(classes)].flatMap(([, , bases = "", body = ""]) => {
    const kind = /\bDataSource\b/.test(bases) ? "source" : /\bDataSink\b/.test(bases) ? "sink" : undefined;
    const list = /^\s+serves\s*(?::[^=\n]+)?=\s*[[(]([^\])]*)[\])]/m.exec(body)?.[1];
    if (kind === undefined || list === undefined) return [];
    return [{ kind, serves: [...list.matchAll(/(["'])(.*?)\1/g)].map(([, , type = ""]) => type) }] as const;
  });
}
