import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Miniflare, type MiniflareOptions } from "miniflare";
import { type Finished, publishedCli, run, runtimes } from "../runtimes/runtime.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** What `launchpad build` prints. */
export interface Printed {
  readonly file: string;
  readonly bytes: number;
  readonly gzip_bytes: number;
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
  readonly variables: readonly string[];
}

/** A project in a folder of its own, with Launchpad as it is published. */
export interface Project {
  readonly folder: string;
  launchpad(...args: string[]): Promise<Finished>;
  /** Builds, which must work. */
  build(...args: string[]): Promise<Printed & { readonly stderr: string }>;
  read(path: string): Promise<string>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Creates a project.
 *
 * @param files Texts by path, or the folder that is copied.
 * @param packages What is installed besides Launchpad.
 *
 * @returns The project.
 */
export async function createProject(
  files: Readonly<Record<string, string>> | string,
  packages: readonly string[] = [],
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-build-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(root, join(folder, "node_modules/mllaunchpad"));
  for (const name of packages) await symlink(join(root, "node_modules", name), join(folder, "node_modules", name));
  const write = async (texts: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(texts)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  };
  if (typeof files === "string") {
    await cp(files, folder, { recursive: true, filter: (path) => !path.includes("model_store") });
  } else await write(files);
  const launchpad = (...args: string[]) => run([...(runtimes.Node ?? []), publishedCli, ...args], { cwd: folder });
  return {
    folder,
    launchpad,
    async build(...args) {
      const { code, stdout, stderr } = await launchpad("build", ...args);
      if (code !== 0) throw new Error(stderr);
      return { ...JSON.parse(stdout), stderr };
    },
    read: (path) => readFile(join(folder, path), "utf8"),
    write,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * Creates a project of the iris example, and trains it.
 *
 * @returns The project.
 */
export async function createIris(): Promise<Project> {
  const project = await createProject(`${root}examples/iris`, [
    ...["ml-cart", "ml-matrix", "ml-array-sum", "ml-array-mean", "is-any-array", "ml-array-min", "ml-array-max"],
    "ml-array-rescale",
  ]);
  const { code, stderr } = await project.launchpad("train");
  if (code !== 0) throw new Error(stderr);
  return project;
}

/**
 * Starts a built package in workerd.
 *
 * @param code The package.
 * @param options Bindings.
 *
 * @returns The running Worker.
 */
export async function startPackage(code: string, options: object = {}): Promise<Miniflare> {
  const worker = new Miniflare({
    modules: [{ type: "ESModule", path: "index.mjs", contents: code }],
    compatibilityDate: "2026-07-01",
    ...options,
  } as MiniflareOptions);
  await worker.ready;
  return worker;
}

/** The configuration of a small model. */
export const minimal = {
  "launchpad.yml": `model_store: { location: ./model_store }
model: { name: sums, version: "1.0.0", module: model.ts }
api: { name: sums }
`,
  "model.ts": `import { defineModel } from "mllaunchpad";
export default defineModel({
  train: () => ({ plus: 1 }),
  test: () => ({}),
  predict: ({ plus }, { size }) => ({ sum: size + plus }),
});
`,
};
