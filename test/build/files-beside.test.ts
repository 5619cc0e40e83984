import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { runtimes, start } from "../runtimes/runtime.ts";
import { createProject, type Project } from "./project.ts";

const projects: Project[] = [];
afterEach(async () => {
  for (const project of projects.splice(0)) await project.remove();
});

const config = (module: string) =>
  `model_store: { location: ./store }\nmodel: { name: m, version: "1.0.0", module: ${module} }\napi: { name: m }\n`;

async function trained(files: Readonly<Record<string, string>>): Promise<Project> {
  const module = Object.keys(files)[0] ?? "";
  const project = await createProject({ ...files, "launchpad.yml": config(module) });
  projects.push(project);
  const { code, stderr } = await project.launchpad("train");
  expect(code, stderr).toBe(0);
  return project;
}

const model = (predict: string, top: string) =>
  `${top}\nexport default { train: () => 1, test: () => ({}), predict: () => (${predict}) };\n`;

/** Moves a package to another place, and asks it there. */
async function askElsewhere(project: Project, folder: string, program = runtimes.Node ?? []): Promise<unknown> {
  const elsewhere = await mkdtemp(join(tmpdir(), "launchpad-elsewhere-"));
  try {
    await cp(join(project.folder, folder), elsewhere, { recursive: true });
    const running = start([...program, join(elsewhere, "index.mjs")], { cwd: elsewhere, env: { PORT: "0" } });
    try {
      const [, url] = await running.printed(/at (\S+)\. Ctrl-C/);
      const headers = { "content-type": "application/json" };
      return await (await fetch(`${url}/predictions`, { method: "POST", headers, body: "{}" })).json();
    } finally {
      running.kill("SIGTERM");
      await running.finished;
    }
  } finally {
    await rm(elsewhere, { recursive: true, force: true });
  }
}

/** A module of WebAssembly with `add`, from its text format. */
const wasm = Buffer.from(
  "0061736d010000000107016002 7f7f017f030201000707010361646400000a09010700200020016a0b".replace(" ", ""),
  "hex",
).toString("base64");

const read = 'import { readFileSync } from "node:fs";';
const ways: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a URL": {
    "m.mjs": model("w", `${read}\nconst w = JSON.parse(readFileSync(new URL("./w.json", import.meta.url), "utf8"));`),
    "w.json": '{"k":1}',
  },
  "its folder, in TypeScript": {
    "src/m.ts": model(
      "w",
      `${read}\nimport { join } from "node:path";\nconst w: object = JSON.parse(readFileSync(join(import.meta.dirname, "w.json"), "utf8"));`,
    ),
    "src/w.json": '{"k":1}',
  },
  "a folder above, as older modules do": {
    "src/app/m.mjs": model(
      "w",
      `${read}\nimport { dirname, join } from "node:path";\nimport { fileURLToPath } from "node:url";\n` +
        'const __dirname = dirname(fileURLToPath(import.meta.url));\nconst w = JSON.parse(readFileSync(join(__dirname, "../../data", "../data/w.json"), "utf8"));',
    ),
    "data/w.json": '{"k":1}',
  },
  "a module that it imports, with a folder of files": {
    "m.mjs": model("all()", 'import { all } from "./lib/all.mjs";'),
    "lib/all.mjs": `import { readdirSync, readFileSync } from "node:fs";
const folder = new URL("./parts/", import.meta.url);
export const all = () => Object.fromEntries(readdirSync(folder).sort().map((name) => [name, Number(readFileSync(new URL(name, folder), "utf8"))]));`,
    "lib/parts/k": "1",
  },
  "a package of the older kind": {
    "m.mjs": model("weights", 'import weights from "weights";'),
    "node_modules/weights/package.json": '{ "name": "weights", "version": "1.0.0", "main": "index.js" }',
    "node_modules/weights/index.js":
      "const { readFileSync } = require('fs');\nconst path = require('path');\nmodule.exports = JSON.parse(readFileSync(path.join(__dirname, 'w.json'), 'utf8'));",
    "node_modules/weights/w.json": '{"k":1}',
  },
  WebAssembly: {
    "m.mjs": model(
      "{ k: instance.exports.add(-1, 2) }",
      `${read}\nconst bytes = Buffer.from(readFileSync(new URL("./add.wasm", import.meta.url), "utf8"), "base64");\nconst instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));`,
    ),
    "add.wasm": wasm,
  },
};

describe("files beside a module", () => {
  for (const [way, files] of Object.entries(ways)) {
    it(`are carried along where it finds them by ${way}`, async () => {
      const project = await trained(files);
      const { stderr } = await project.build();
      expect(stderr).toMatch(/launchpad-files-0\/\S+ go with it/);
      expect(stderr).toContain("It was started once, and serves.");
      expect(await askElsewhere(project, "build/node")).toEqual({ k: 1 });
    });
  }

  for (const name of ["Bun", "Deno"]) {
    it(`are found on ${name}`, async () => {
      const project = await trained(ways["a URL"] ?? {});
      await project.build("--target", name.toLowerCase());
      expect(await askElsewhere(project, `build/${name.toLowerCase()}`, runtimes[name])).toEqual({ k: 1 });
    });
  }

  it("that only training reads stay where they are, and what was carried before goes", async () => {
    const project = await trained(ways["a URL"] ?? {});
    await project.build();
    expect(await readdir(join(project.folder, "build/node"))).toEqual(["index.mjs", "launchpad-files-0"]);
    await project.write({
      "m.mjs": `${read}\nexport default { train: () => JSON.parse(readFileSync(new URL("./w.json", import.meta.url), "utf8")), test: () => ({}), predict: (m) => m };`,
    });
    await project.launchpad("train");
    await project.build();
    expect(await readdir(join(project.folder, "build/node"))).toEqual(["index.mjs"]);
    expect(await askElsewhere(project, "build/node")).toEqual({ k: 1 });
  });

  it("are refused by name where there are no files, with what to do instead", async () => {
    const project = await trained(ways["a URL"] ?? {});
    const { code, stderr } = await project.launchpad("build", "--target", "cloudflare");
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /m\.mjs.*reads \.\/w\.json beside it: Workers have no files\. .*\[MODULE_INVALID\]|node:fs is a module of Node/s,
    );
    await project.write({
      "m.mjs": model("1", 'export const w = new URL("./w.json", import.meta.url);\nglobalThis.w = w;'),
    });
    await project.launchpad("train");
    expect((await project.launchpad("build", "--target", "cloudflare")).stderr).toMatch(
      /m\.mjs reads \.\/w\.json beside it: Workers have no files/,
    );
  });

  it("that look private are refused", async () => {
    const project = await trained({
      "m.mjs": model(
        "1",
        `${read}\nconst k = readFileSync(new URL("./server.key", import.meta.url), "utf8");\nglobalThis.k = k;`,
      ),
      "server.key": "secret",
    });
    const { code, stderr } = await project.launchpad("build");
    expect([code, stderr]).toEqual([2, expect.stringContaining("server.key beside it, which looks private")]);
    const hidden = await trained({
      "m.mjs": model(
        "1",
        `${read}\nconst k = readFileSync(new URL("./.cloud/credentials", import.meta.url), "utf8");\nglobalThis.k = k;`,
      ),
      ".cloud/credentials": "secret",
    });
    const refused = await hidden.launchpad("build");
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("which looks private")]);
  });

  it("whose names are made while it runs are told of, and found missing before anybody starts the package", async () => {
    const project = await trained({
      "m.mjs": model(
        "w",
        `${read}\nconst name = ["w", "json"].join(".");\nconst w = JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));`,
      ),
      "w.json": '{"k":1}',
    });
    const { code, stdout, stderr } = await project.launchpad("build");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/index\.mjs was written, and does not start:\n[\s\S]*ENOENT[\s\S]*--no-check/);
    const { stderr: unchecked } = await project.build("--no-check");
    expect(unchecked).toContain("m.mjs asks where it is and names nothing that lies there");
  });

  it("of WebAssembly that are imported are refused with what to write", async () => {
    const project = await trained({ "m.mjs": model("1", "") });
    await project.write({ "m.mjs": model("typeof add", 'import { add } from "./add.wasm";'), "add.wasm": wasm });
    const { code, stderr } = await project.launchpad("build");
    expect(code).toBe(2);
    expect(stderr).toMatch(/add\.wasm/);
  });
});

describe("launchpad build", () => {
  it("does not start what needs variables, and says so", async () => {
    const project = await trained({ "m.mjs": model("1", "") });
    await project.write({
      "launchpad.yml": `datasources: { d: { type: csv, path: "https://127.0.0.1:1/x.csv", headers: { x-api-key_var: NO_SUCH_TOKEN }, tags: predict } }
${config("m.mjs")}`,
    });
    const { stderr } = await project.build();
    expect(stderr).toContain("It was not started, because NO_SUCH_TOKEN is not set.");
  });

  it("says where it cannot write", async () => {
    const project = await trained({ "m.mjs": model("1", ""), afile: "" });
    const { code, stderr } = await project.launchpad("build", "--out", "afile");
    expect(code).toBe(1);
    expect(stderr).toMatch(/afile.*cannot be written/);
    expect(stderr).not.toMatch(/defect/);
    await project.write({
      "LAUNCHPAD_LOG.yml":
        "handlers: { f: { class: logging.FileHandler, filename: afile/x.log } }\nroot: { handlers: [f] }\n",
    });
    const logged = await project.launchpad("train");
    expect(logged.code).toBe(1);
    expect(logged.stderr).toMatch(/afile.*cannot be written/);
    expect(await readFile(join(project.folder, "afile"), "utf8")).toBe("");
    await mkdir(join(project.folder, "empty"));
  });
});
