import { LaunchpadError, messageOf } from "../errors.ts";
import type { Files, Host } from "../host.ts";
import { createLimits } from "../source/limits.ts";
import { mergeTrees } from "../source/merge.ts";
import { configError, type Origin, type Problem } from "../source/problems.ts";
import { type SourcePosition, scalarTree, type Tree } from "../source/tree.ts";
import { parseYaml } from "../source/yaml.ts";
import { includeTag } from "../source/yaml-tree.ts";
import { formatLocation, isFileUrl, locate } from "../util/paths.ts";
import { redact } from "../util/redact.ts";
import { rootProblem } from "./check.ts";
import { completeConfig, completeProjects } from "./define.ts";
import type { Config, ProjectsConfig } from "./types.ts";

const maxFileBytes = 4 * 1024 * 1024;
const maxIncludeChain = 20;

/**
 * Creates a configuration from files of YAML. Files are merged deeply, and the last one wins; `!include FILE` stands
 * for what is in another file.
 *
 * @param files The files, at least one.
 * @param host Reads files; gets warnings.
 *
 * @returns The configuration, frozen.
 *
 * @throws CONFIG_NOT_FOUND when one of the files cannot be read.
 * @throws CONFIG_INVALID when something is wrong; the message lists everything that is.
 */
export async function loadConfig(files: readonly URL[], host: Pick<Host, "files" | "log">): Promise<Config> {
  const { reading, origin } = await readConfig(files, host);
  return completeConfig(reading, origin, host.log.child("config"));
}

/**
 * Creates a configuration from files of YAML, which may be that of one project or of several.
 *
 * @param files The files, at least one.
 * @param host Reads files; gets warnings.
 *
 * @returns The one or the other, frozen.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_INVALID as `loadConfig` does.
 */
export async function loadAnyConfig(
  files: readonly URL[],
  host: Pick<Host, "files" | "log">,
): Promise<{ readonly one: Config } | { readonly several: ProjectsConfig }> {
  const { reading, origin } = await readConfig(files, host);
  const several = completeProjects(reading, origin);
  return several ? { several } : { one: completeConfig(reading, origin, host.log.child("config")) };
}

async function readConfig(files: readonly URL[], host: Pick<Host, "files" | "log">) {
  const [first] = files;
  if (host.files === undefined) {
    throw new LaunchpadError(
      "CONFIG_NOT_FOUND",
      "this runtime has no files: give the configuration as a value instead",
    );
  }
  if (first === undefined) {
    throw new LaunchpadError("CONFIG_NOT_FOUND", "found no configuration file, expected at least one");
  }
  const { cwd } = host.files;
  const log = host.log.child("config");
  const origin = { name: formatLocation(first, cwd), cwd, base: undefined };
  const reader = createReader(host.files, origin);
  let merged: Tree | undefined;
  for (const file of files) {
    log.info(`Loading configuration file ${formatLocation(file, cwd)}`);
    const tree = await reader.read(file);
    merged = merged ? mergeTrees(merged, tree) : tree;
  }
  if (reader.fatal.length > 0 || merged === undefined) {
    throw configError([...reader.fatal, ...reader.problems], origin);
  }
  return { reading: { tree: merged, problems: reader.problems }, origin };
}

interface Reader {
  read(file: URL): Promise<Tree>;
  /** What keeps the rest from being checked. */
  readonly fatal: readonly Problem[];
  readonly problems: readonly Problem[];
}

function createReader(files: Files, origin: Origin): Reader {
  const fatal: Problem[] = [];
  const problems: Problem[] = [];
  const limits = createLimits();
  /** What was read, by URL: a file that is included often is read once. */
  const trees = new Map<string, Tree>();
  const nothing = scalarTree(null);

  const show = (chain: readonly URL[]) => chain.map((file) => formatLocation(file, origin.cwd)).join(" -> ");

  const readText = async (
    file: URL,
    chain: readonly URL[],
    from: SourcePosition | undefined,
  ): Promise<string | undefined> => {
    const at = from ?? { file, line: 1 };
    const refuse = (message: string) => {
      fatal.push({ at, path: [], message: from ? `${includeTag} ${message} (${show(chain)})` : message });
      return undefined;
    };
    let bytes: Uint8Array;
    try {
      bytes = await files.read(file);
    } catch (cause) {
      if (from) return refuse(`found no file that can be read, expected one: ${messageOf(cause)}`);
      const name = formatLocation(file, origin.cwd);
      const message = `${name}: the configuration file cannot be read: ${messageOf(cause)}`;
      throw new LaunchpadError("CONFIG_NOT_FOUND", message, { cause });
    }
    if (bytes.length > maxFileBytes)
      return refuse(`found a file of ${bytes.length} bytes, expected at most ${maxFileBytes}`);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      return refuse("found bytes that are not UTF-8, expected text in UTF-8. Save the file as UTF-8");
    }
  };

  const readTree = async (file: URL, above: readonly URL[], from: SourcePosition | undefined): Promise<Tree> => {
    const known = trees.get(file.href);
    if (known) return known;
    const chain = [...above, file];
    const text = await readText(file, chain, from);
    const parsed = text === undefined ? undefined : parseYaml(text, file, (wrong) => fatal.push(...wrong));
    if (parsed === undefined) {
      trees.set(file.href, nothing);
      return nothing;
    }
    const included = new Map<string, Tree>();
    for (const { target, at } of parsed.includes) {
      if (!included.has(target)) included.set(target, await include(target, at, chain));
    }
    const refuse = (problem: Problem): never => {
      throw configError([problem], origin);
    };
    const built = parsed.build({ included, limits, refuse });
    problems.push(...built.problems);
    trees.set(file.href, built.tree);
    return built.tree;
  };

  const include = async (target: string, at: SourcePosition, chain: readonly URL[]): Promise<Tree> => {
    const refuse = (message: string) => {
      fatal.push({ at, path: [], message: `${includeTag} ${message}` });
      return nothing;
    };
    const href = target === "" ? "" : locate(target, at.file);
    if (!URL.canParse(href) || !isFileUrl(href)) {
      return refuse(`found ${JSON.stringify(redact(target))}, expected the path of a file`);
    }
    const file = new URL(href);
    if (chain.some((other) => other.href === file.href)) {
      return refuse(`found a file that includes itself, expected no cycle: ${show([...chain, file])}`);
    }
    if (chain.length >= maxIncludeChain) {
      return refuse(
        `found more than ${maxIncludeChain} files inside each other, expected fewer: ${show([...chain, file])}`,
      );
    }
    return readTree(file, chain, at);
  };

  return {
    fatal,
    problems,
    async read(file) {
      const before = fatal.length;
      const tree = await readTree(file, [], undefined);
      if (tree.kind !== "map" && fatal.length === before) fatal.push(rootProblem(tree));
      return tree;
    },
  };
}
