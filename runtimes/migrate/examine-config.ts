import { type Config, createData, type Host, messageOf, type Plugin, whereIs } from "../../src/internal.ts";
import type { Examined, Finding } from "./finding.ts";

const sections = ["datasources", "datasinks"] as const;

/**
 * Examines sources and sinks: each is opened by itself, as a training would open it, without reading anything.
 *
 * @param config The configuration.
 * @param host What opens them.
 * @param plugins Types that plugins serve.
 *
 * @returns What works, and what a person must decide, with the way out that the error names.
 */
export async function examineConfig(config: Config, host: Host, plugins: readonly Plugin[]): Promise<Examined> {
  const findings: Finding[] = [];
  for (const section of sections) {
    for (const [name, entry] of Object.entries(config[section])) {
      const only = { ...config, datasources: {}, datasinks: {}, [section]: { [name]: { ...entry, tags: [] } } };
      const where = `${whereIs(config, [section, name])}: ${section}.${name}`;
      findings.push(await examineEntry(only as Config, { host, plugins, where, type: entry.type }));
    }
  }
  const { root_path: root } = config.api ?? {};
  if (root !== undefined) {
    const text = "files below static/ in it are served at /static, as before; api.static serves a folder at /";
    findings.push({ where: `${whereIs(config, ["api", "root_path"])}: api.root_path`, verdict: "works", text });
  }
  return { findings, files: {} };
}

async function examineEntry(
  config: Config,
  about: { readonly host: Host; readonly plugins: readonly Plugin[]; readonly where: string; readonly type: string },
): Promise<Finding> {
  const { host, plugins, where, type } = about;
  const data = createData({ config, host, plugins });
  try {
    data.check();
    await data.prepare("train");
    return { where, verdict: "works", text: `${type}, as it is` };
  } catch (error) {
    return { where, verdict: "decide", text: messageOf(error).split("\n").join("; ") };
  } finally {
    await data.close();
  }
}
