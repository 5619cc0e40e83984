import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, start } from "../runtimes/runtime.ts";
import { type Registry, startRegistry } from "./registry.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { version } = await import("../../package.json", { with: { type: "json" } }).then(({ default: it }) => it);

let registry: Registry;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  registry = await startRegistry();
  folder = await mkdtemp(join(tmpdir(), "launchpad-managers-"));
  // Yarn and pnpm are packages like others.
  await write("tools", { "package.json": "{}" });
  const { code, stderr } = await run(
    ["npm", "install", "--no-audit", "--no-fund", "@yarnpkg/cli-dist@4.18.1", "pnpm@10.34.9"],
    { cwd: join(folder, "tools"), env: registry.env },
  );
  expect(code, stderr).toBe(0);
  await mkdir(join(folder, "bin"));
  await symlink(join(root, "node_modules/node/bin/node"), join(folder, "bin/node"));
  await symlink(join(folder, "tools/node_modules/@yarnpkg/cli-dist/bin/yarn.js"), join(folder, "bin/yarn"));
  await symlink(join(folder, "tools/node_modules/pnpm/bin/pnpm.cjs"), join(folder, "bin/pnpm"));
  env = {
    ...registry.env,
    PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
    npm_config_store_dir: join(folder, "pnpm"),
    YARN_NPM_REGISTRY_SERVER: registry.url,
    YARN_UNSAFE_HTTP_WHITELIST: "127.0.0.1",
    YARN_ENABLE_TELEMETRY: "false",
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_GLOBAL_FOLDER: join(folder, "yarn"),
    YARN_NPM_MINIMAL_AGE_GATE: "0",
  };
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await registry.stop();
});

async function write(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, name, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

const project = {
  "launchpad.yml":
    'datasources: { d: { type: csv, path: d.csv, tags: train } }\nmodel_store: { location: ./store }\nmodel: { name: m, version: "1.0.0", module: model.ts }\napi: { name: m }\n',
  "d.csv": "a\n1\n2\n",
};
const model = (imports: string, sum: string) => `import { defineModel } from "mllaunchpad";
import { readFileSync } from "node:fs";
${imports}
const text: string = readFileSync(new URL("./text.txt", import.meta.url), "utf8");
export default defineModel({
  async train({ source }) { return { sum: ${sum}, rows: (await source("d").frame()).length }; },
  test: ({ rows }) => ({ rows }),
  predict: (model) => ({ ...model, text }),
});
`;
const packageJson = (dependencies: object) =>
  JSON.stringify({ name: "p", private: true, type: "module", dependencies });
const valibot = 'import * as v from "valibot";\nconst parsed: number = v.parse(v.number(), 3);';

describe.each<readonly [string, string, readonly string[], Readonly<Record<string, string>>]>([
  [
    "yarn with Plug'n'Play",
    ".",
    ["yarn install", "yarn launchpad"],
    {
      ...project,
      ".yarnrc.yml": "nodeLinker: pnp\n",
      "yarn.lock": "",
      "text.txt": "beside",
      "package.json": packageJson({ mllaunchpad: version, valibot: "1.5.0" }),
      "model.ts": model(valibot, "parsed"),
    },
  ],
  [
    "pnpm",
    ".",
    ["pnpm install", "pnpm exec launchpad"],
    {
      ...project,
      "text.txt": "beside",
      "package.json": packageJson({ mllaunchpad: version, valibot: "1.5.0" }),
      "model.ts": model(valibot, "parsed"),
    },
  ],
  [
    "workspaces of npm",
    "apps/m",
    ["npm install --no-audit --no-fund", "npx launchpad"],
    {
      "package.json": JSON.stringify({ name: "all", private: true, workspaces: ["apps/*", "libs/*"] }),
      "libs/three/package.json": JSON.stringify({
        name: "@all/three",
        version: "1.0.0",
        type: "module",
        exports: "./index.js",
      }),
      "libs/three/index.js": "export const three = 3;",
      ...Object.fromEntries(Object.entries(project).map(([path, text]) => [`apps/m/${path}`, text])),
      "apps/m/package.json": packageJson({ mllaunchpad: version, "@all/three": "1.0.0" }),
      "apps/m/text.txt": "beside",
      "apps/m/model.ts": model('import { three } from "@all/three";', "three"),
    },
  ],
])("a project of %s", (name, place, [install = "", launchpad = ""], files) => {
  const cwd = () => join(folder, name.replaceAll(/\W/g, ""), place);
  const answer = { sum: 3, rows: 2, text: "beside" };
  const served = async (line: string) => {
    const server = start(["bash", "-c", `exec ${line}`], { cwd: cwd(), env: { ...env, PORT: "0" }, group: true });
    try {
      const [, url] = await server.printed(/at (\S+)\. Ctrl-C/);
      const headers = { "content-type": "application/json" };
      return await (await fetch(`${url}/predictions`, { method: "POST", headers, body: "{}" })).json();
    } finally {
      server.kill("SIGTERM");
      await server.finished;
    }
  };

  it("is installed, trains, serves, and builds a package that serves", async () => {
    await write(name.replaceAll(/\W/g, ""), files);
    for (const line of [install, `${launchpad} train`, `${launchpad} build`]) {
      const folderOf = line === install ? join(folder, name.replaceAll(/\W/g, "")) : cwd();
      const done = await run(["bash", "-c", line], { cwd: folderOf, env });
      expect(done.code, `${line}\n${done.stdout}${done.stderr}`).toBe(0);
      if (line.endsWith("train")) expect(JSON.parse(done.stdout)).toEqual({ rows: 2 });
      if (line.endsWith("build")) expect(done.stderr).toContain("It was started once, and serves.");
    }
    expect(await served(`${launchpad} api --port 0`)).toEqual(answer);
    expect(await served("node build/node/index.mjs")).toEqual(answer);
  }, 300_000);
});
