import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHost } from "../../runtimes/node.ts";
import { openProject } from "../../runtimes/project/open-project.ts";
import type { Launchpad } from "../../src/index.ts";
import { createLogger } from "../../src/log.ts";

let folder: string;
let opened: Launchpad[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-published-"));
  opened = [];
});
afterEach(async () => {
  for (const launchpad of opened) await launchpad.close();
  await rm(folder, { recursive: true, force: true });
});

const model =
  "export const train = () => ({});\nexport const test = () => ({});\nexport const predict = (_, args) => ({ got: args });\n";

async function write(texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

async function open(config: string): Promise<Launchpad> {
  const log = createLogger(() => {});
  const launchpad = await openProject(createHost({ log }), { config: join(folder, config) });
  opened.push(launchpad);
  return launchpad;
}

const status = async (launchpad: Launchpad, path: string) =>
  (await launchpad.fetch(new Request(`http://127.0.0.1:5000${path}`))).status;

/** What is in the folders of ML Launchpad's examples and of its template, whose configurations all say `root_path: .`. */
const examples: Readonly<Record<string, { readonly config: string; readonly files: readonly string[] }>> = {
  "its examples": {
    config: "tree_cfg.yml",
    files: [
      "addition.raml",
      "addition_cfg.yml",
      "addition_model.py",
      "bogusdatasource.py",
      "complex_cfg.yml",
      "iris_holdout.csv",
      "iris_train.csv",
      "logging_cfg.yml",
      "predictions.csv",
      "r_model.r",
      "tree.raml",
      "__init__.py",
      "spark_datasource.py",
    ],
  },
  "its template": {
    config: "config_deploy.yml",
    files: [
      "LAUNCHPAD_LOG.yml",
      "Dockerfile",
      "app/__init__.py",
      "app/model.py",
      "private/iris_train.csv",
      "requirements.txt",
      "testserver/nginx.conf",
      "testserver/ssl/localhost.crt",
      "testserver/ssl/localhost.key",
    ],
  },
};

async function everythingIn(at: string): Promise<string[]> {
  const entries = await readdir(at, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split("\\").join("/"));
}

describe.each(Object.entries(examples))("root_path: . of %s", (_name, { config, files }) => {
  it("publishes what is in ./static, and nothing else", async () => {
    await write({
      ...Object.fromEntries(files.map((name) => [name, "private"])),
      "model.mjs": model,
      "static/style.css": "p {}",
      "static/sub/page.html": "<p>",
      [config]: `datasources: { petals: { type: csv, path: ./iris_train.csv } }
model_store: { location: ./model_store }
model: { name: iris, version: "0.0.2", module: model.mjs }
api: { name: iris, root_path: . }
`,
    });
    const launchpad = await open(config);
    await launchpad.train();
    const all = await everythingIn(folder);
    expect(all.some((name) => name.endsWith("/contents"))).toBe(true);
    for (const name of all) {
      const isOpen = name.startsWith("static/");
      expect(await status(launchpad, `/${name}`), name).toBe(isOpen ? 200 : 404);
      if (isOpen) continue;
      for (const way of ["/static/", "/static/../", "/static/%2e%2e/", "/static//", "/static/..%2f"]) {
        expect(await status(launchpad, way + name), way + name).toBe(404);
      }
    }
    expect(await status(launchpad, "/static/sub/")).toBe(404);
  });

  it("publishes nothing where there is no ./static", async () => {
    await write({
      "model.mjs": model,
      [config]: `model_store: { location: ./model_store }
model: { name: iris, version: "0.0.2", module: model.mjs }
api: { name: iris, root_path: . }
`,
    });
    const launchpad = await open(config);
    await launchpad.train();
    for (const name of await everythingIn(folder)) expect(await status(launchpad, `/${name}`), name).toBe(404);
  });
});

const configOf = (api: string, more = "") => `${more}
model_store: { location: ./model_store }
model: { name: iris, version: "0.0.2", module: ./model.mjs }
api: { name: iris, ${api} }
`;

describe("a folder that is not for everybody", () => {
  it.each<[string, string, Readonly<Record<string, string>>, RegExp]>([
    ["the folder of the project", "static: .", {}, /holds the configuration \(.*launchpad\.yml\)/],
    ["one above it", "static: ..", {}, /holds the configuration/],
    ["the model store", "static: ./model_store", {}, /holds the model store/],
    ["a part of it", "static: ./model_store/iris", { "model_store/iris/x": "" }, /holds the model store/],
    ["one with a key", "static: ./public", { "public/ssl/server.KEY": "" }, /holds a key \(.*server\.KEY\)/],
    ["one with a key of SSH", "static: ./public", { "public/deep/er/id_ed25519": "" }, /holds a key/],
    ["one with packages", "static: ./public", { "public/node_modules/x/index.js": "" }, /holds node_modules/],
    ["one with another configuration", "static: ./public", { "public/launchpad.yml": "" }, /holds a configuration/],
    ["a folder static with a key", "root_path: ./site", { "site/static/a.pem": "" }, /api\.root_path: .*holds a key/],
  ])("is refused: %s", async (_what, api, files, message) => {
    await write({
      "model.mjs": model,
      "public/index.html": "<p>",
      "model_store/x": "",
      "launchpad.yml": configOf(api),
      ...files,
    });
    const launchpad = await open("launchpad.yml");
    await expect(launchpad.api()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(message),
    });
    await expect(launchpad.api()).rejects.toThrow(/everything in it would be published\. Expected .* Move that/);
  });

  it.each([
    ["a data source", "datasources: { a: { type: csv, path: ./public/a.csv } }", /the data source a/],
    ["the dtypes of one", "datasources: { a: { type: csv, path: ./a.csv, dtypes_path: public/d.csv } }", /source a/],
    ["a data sink", "datasinks: { b: { type: csv, path: ./public/new/b.csv } }", /the data sink b/],
    ["a database", "dbms: { d: { type: sql, url: 'file:public/d.db' } }", /the database d/],
  ])("is refused when it holds %s, also behind a link", async (_what, section, message) => {
    await write({
      "model.mjs": model,
      "real/index.html": "<p>",
      "real/a.csv": "a\n1\n",
      "real/d.csv": "columns,dtypes\n",
      "launchpad.yml": configOf("static: ./real", section),
    });
    await symlink("real", join(folder, "public"));
    const launchpad = await open("launchpad.yml");
    await expect(launchpad.api()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(message),
    });
  });

  it("is none that holds what is for everybody, with links and dot files that stay closed", async () => {
    await write({
      "model.mjs": model,
      "public/index.html": "<p>",
      "public/.env": "SECRET=1",
      "secret/server.key": "key",
      "launchpad.yml": configOf("static: ./public"),
    });
    await symlink("../secret", join(folder, "public/way"));
    const launchpad = await open("launchpad.yml");
    await launchpad.train();
    expect(await status(launchpad, "/")).toBe(200);
    for (const path of ["/.env", "/way/server.key", "/way/", "/../launchpad.yml", "/%2e%2e/launchpad.yml"]) {
      expect(await status(launchpad, path), path).toBe(404);
    }
  });
});
