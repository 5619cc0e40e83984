import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { baseOf, type Config, dbmsOf, type Host, servedType, toPlain } from "../../src/internal.ts";
import { findPythonPlugin, servedBy } from "./python-plugin-file.ts";

/**
 * Describes to a process what its plugins serve: entries as they stand in the configuration, variables by their names.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 *
 * @returns What goes into its hello; nothing where there are none.
 */
export function helloOfPlugins(config: Config, host: Host): Record<string, unknown> {
  const cwd = host.files?.cwd;
  const modules = config.plugins.flatMap((name, index) => {
    const base = baseOf(config, ["plugins", index]) ?? cwd;
    const module = base?.protocol === "file:" ? findPythonPlugin(name, base, cwd) : undefined;
    return module ? [{ module, name: isName(name) ? name : basename(fileURLToPath(module), ".py") }] : [];
  });
  if (modules.length === 0) return {};
  const served = modules.flatMap(({ module }) => servedBy(module));
  const entries = (kind: "source" | "sink", section: "datasources" | "datasinks") =>
    Object.entries(config[section]).flatMap(([name, entry]) => {
      const type = servedType(config, entry.type);
      if (!served.some((one) => one.kind === kind && one.serves.includes(type))) return [];
      const dbms = dbmsOf(entry.type);
      return [[name, { type, config: withPaths(entry), ...(dbms && { dbms: toPlain(config.dbms[dbms]) }) }]] as const;
    });
  return {
    plugins: {
      modules: modules.map(({ module, name }) => ({ path: fileURLToPath(module), root: rootOf(module, name), name })),
      sources: Object.fromEntries(entries("source", "datasources")),
      sinks: Object.fromEntries(entries("sink", "datasinks")),
    },
  };
}

const isName = (name: string) => /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(name);

/** The folder from which a module is imported by its name. */
function rootOf(module: URL, name: string): string {
  return name.split(".").reduce((folder) => dirname(folder), fileURLToPath(module));
}

/** Paths are URLs in a configuration that was read; code in Python wants paths. */
function withPaths(entry: object): unknown {
  const plain = { ...(toPlain(entry) as Record<string, unknown>) };
  for (const key of ["path", "dtypes_path"]) {
    const value = plain[key];
    if (typeof value === "string" && value.startsWith("file:")) plain[key] = fileURLToPath(value);
  }
  return plain;
}
