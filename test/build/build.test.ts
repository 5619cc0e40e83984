import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { run, runtimes } from "../runtimes/runtime.ts";
import { createProject, minimal, type Project, startPackage } from "./project.ts";

const projects: Project[] = [];

afterEach(async () => {
  for (const project of projects.splice(0)) await project.remove();
});

/** A small project with these files besides, or instead. */
async function small(files: Readonly<Record<string, string>> = {}, packages: readonly string[] = []): Promise<Project> {
  const project = await createProject({ ...minimal, ...files }, packages);
  projects.push(project);
  return project;
}

async function trained(files: Readonly<Record<string, string>> = {}, packages: readonly string[] = []) {
  const project = await small(files, packages);
  const { code, stderr } = await project.launchpad("train");
  expect(code, stderr).toBe(0);
  return project;
}

/** A package of the project's `node_modules`. */
const installed = (name: string, code: string, more: object = {}) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", type: "module", ...more }),
  [`node_modules/${name}/index.js`]: code,
});

const model = (predict: string, imports = "", rest = "") => `import { defineModel } from "mllaunchpad";
${imports}
export default defineModel({
  train: () => ({ plus: 1 }),
  test: () => ({}),
  predict: ${predict},
  ${rest}
});
`;

const ask = async (code: string, body: object, options: object = {}) => {
  const worker = await startPackage(code, options);
  try {
    const response = await worker.dispatchFetch("http://x/sums/v1/predictions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return [response.status, await response.json()];
  } finally {
    await worker.dispose();
  }
};

describe("launchpad build", () => {
  it("says that a model must be trained to be in the package, and what else there is", async () => {
    const { code, stdout, stderr } = await (await small()).launchpad("build", "--target", "fetch");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/no trained model sums 1\.0\.0 in \.\/model_store.*launchpad train.*--model store/);
  });

  it("names what it can build for", async () => {
    const project = await small();
    const target = await project.launchpad("build", "--target", "lambda");
    expect(target).toMatchObject({ code: 2, stdout: "" });
    expect(target.stderr).toContain('--target: found "lambda", expected one of cloudflare, node, deno, bun, fetch');
    const place = await project.launchpad("build", "--model", "cloud");
    expect(place.stderr).toContain('--model: found "cloud", expected one of embed, store');
  });

  it("keeps plain contents, schemas of the model, and checks of both", async () => {
    const project = await trained(
      {
        "model.ts": `import { defineModel } from "mllaunchpad";
import * as v from "valibot";
export default defineModel({
  input: v.object({ size: v.pipe(v.number(), v.minValue(10)) }),
  output: v.object({ sum: v.number(), seen: v.string() }),
  train: () => ({ weights: new Float64Array([0.5, 2]), names: new Map([["a", 1n]]) }),
  test: () => ({}),
  predict: ({ weights, names }, { size }) => ({ sum: size * (weights[1] ?? 0), seen: String(names.get("a")) }),
});
`,
      },
      ["valibot"],
    );
    const { file } = await project.build("--target", "cloudflare");
    const code = await project.read(file);
    expect(await ask(code, { size: 20 })).toEqual([200, { sum: 40, seen: "1" }]);
    expect(await ask(code, { size: 2 })).toMatchObject([400, { errors: [{ name: "size" }] }]);
  });

  it("takes a model whose functions are exported by name, without those that train", async () => {
    const project = await trained({
      "model.ts": `import { only } from "training-only";
export const train = () => ({ plus: only });
export const test = () => ({});
export function predict({ plus }: { plus: number }, { size }: { size: number }) { return { sum: size + plus }; }
`,
      ...installed("training-only", "globalThis.marker = 'training-only'; export const only = 7;", {
        sideEffects: false,
      }),
    });
    const { file, parts } = await project.build("--target", "cloudflare");
    expect(parts.map(({ name }) => name)).not.toContain("training-only");
    expect(await ask(await project.read(file), { size: 1 })).toEqual([200, { sum: 8 }]);
  });

  it("leaves out what only training uses, whatever its packages say of side effects", async () => {
    const project = await trained({
      "model.ts": model("({ plus }, { size }) => ({ sum: size + plus })", 'import { fit } from "./fit.ts";').replace(
        "train: () => ({ plus: 1 })",
        "train: () => ({ plus: fit() })",
      ),
      "fit.ts":
        'import { readFileSync } from "node:fs";\nimport { only } from "training-only";\nexport const fit = () => only + readFileSync("launchpad.yml").length * 0;\n',
      ...installed("training-only", "globalThis.marker = 'training-only'; export const only = 7;"),
    });
    const { file, parts, stderr } = await project.build("--target", "cloudflare");
    expect(parts.map(({ name }) => name)).not.toContain("training-only");
    expect(stderr).not.toContain("train and test of the model are in the package");
    expect(await ask(await project.read(file), { size: 1 })).toEqual([200, { sum: 8 }]);
  });

  it("keeps a model of another shape whole, and says so", async () => {
    const project = await trained({
      "model.ts": `const parts = { train: () => ({ plus: 1 }), test: () => ({}) };
export default Object.assign({ predict: ({ plus }: { plus: number }, { size }: { size: number }) => ({ sum: size + plus }) }, parts);
`,
    });
    const { file, stderr } = await project.build("--target", "cloudflare");
    expect(stderr).toContain("train and test of the model are in the package");
    expect(await ask(await project.read(file), { size: 1 })).toEqual([200, { sum: 2 }]);
  });

  it("does not tell who trained a model, where and on what", async () => {
    const project = await trained({
      "launchpad.yml": `${minimal["launchpad.yml"]}datasources:\n  lore: { type: text_file, path: lore.txt, tags: train }\n`,
      "lore.txt": "a-tale",
      "model.ts": model("({ plus }, { size }) => ({ sum: size + plus })").replace(
        "train: () => ({ plus: 1 })",
        'train: async ({ source, report }) => { report("heard", await source("lore").text()); return { plus: 1 }; }',
      ),
    });
    expect(await project.launchpad("retest")).toMatchObject({ code: 0 });
    const meta = JSON.parse((await project.launchpad("models", "show", "sums@1.0.0")).stdout);
    expect(meta).toMatchObject({ train_report: { heard: "a-tale" }, data: [{ name: "lore" }] });
    const { file } = await project.build("--target", "cloudflare");
    const code = await project.read(file);
    expect(["lore.txt", "a-tale", "training_seconds"].filter((text) => code.includes(text))).toEqual([]);
    expect(/[0-9a-f]{8}:metrics:/.test(code)).toBe(false);
    expect(code.includes('"created_by":null,"system":{}')).toBe(true);
    expect(await ask(code, { size: 1 })).toEqual([200, { sum: 2 }]);
  });

  it("takes the modules of a package that has some for bundlers only, and leaves out what nothing uses", async () => {
    const project = await trained({
      "model.ts": model("({ plus }, { size }) => ({ sum: size + plus + one })", 'import { one } from "older";'),
      ...installed("older", "", {
        type: "commonjs",
        module: "es/index.js",
        sideEffects: false,
        exports: { ".": { require: "./main.js", default: "./wrapper.mjs" } },
      }),
      "node_modules/older/main.js": 'exports.one = 1; exports.two = () => "needless";\n',
      "node_modules/older/wrapper.mjs":
        'import main from "./main.js";\nexport const one = main.one;\nexport const two = main.two;\n',
      "node_modules/older/es/index.js": 'export { one } from "./one.js";\nexport const two = () => "needless";\n',
      "node_modules/older/es/one.js": "export const one = 1;\n",
    });
    const { file } = await project.build("--target", "cloudflare");
    const code = await project.read(file);
    expect(code).not.toContain("needless");
    expect(await ask(code, { size: 1 })).toEqual([200, { sum: 3 }]);
  });

  it("opens no file where everything is in it, and traces where OpenTelemetry is installed", async () => {
    const lean = await trained();
    const bare = await lean.read((await lean.build("--target", "bun")).file);
    // It imports nothing but the process, and files only where it listens at a Unix socket.
    expect(new Set(bare.match(/(?<=from ?)"node:[^"]+"/g))).toEqual(new Set(['"node:process"']));
    expect(new Set(bare.match(/(?<=import\()"[^"]+"/g))).toEqual(new Set(['"node:fs/promises"', '"node:net"']));
    const traced = await trained(installed("@opentelemetry/api", "export const trace = {};\n"));
    const { file } = await traced.build("--target", "bun");
    expect(await traced.read(file)).toContain('import("@opentelemetry/api")');
    // Nor is it missed where it is not.
    await rm(join(traced.folder, "node_modules/@opentelemetry"), { recursive: true });
    const script = `const { fetch } = await import(${JSON.stringify(join(traced.folder, file))});
      console.log((await fetch(new Request("http://x/readyz"))).status);`;
    const { stdout, stderr } = await run([...(runtimes.Node ?? []), "--input-type=module", "-e", script]);
    expect(stdout, stderr).toBe("200\n");
  });

  it("lets packages of the older kind require modules of Node", async () => {
    const project = await trained({
      "model.ts": model(
        "({ plus }, { size }) => ({ sum: size + plus, base: older('/a/b') })",
        'import older from "older";',
      ),
      ...installed("older", 'module.exports = require("node:path").basename;', { type: "commonjs" }),
    });
    const { file } = await project.build("--target", "node");
    const script = `const { fetch } = await import(${JSON.stringify(join(project.folder, file))});
      console.log(await (await fetch(new Request("http://x/sums/v1/predictions", { method: "POST", headers: { "content-type": "application/json" }, body: '{"size":1}' }))).text());`;
    const { stdout, stderr } = await run([...(runtimes.Node ?? []), "--input-type=module", "-e", script]);
    expect(stdout, stderr).toBe('{"sum":2,"base":"b"}\n');
  });

  it("refuses stored contents that were altered, before they are in a package", async () => {
    const project = await trained();
    const [run = ""] =
      (await project.launchpad("models", "runs", "sums")).stdout.match(/\d{8}T\d{9}Z-[0-9a-f]{8}/) ?? [];
    await project.write({ [`model_store/sums/1.0.0/${run}/contents`]: "altered" });
    const { code, stderr } = await project.launchpad("build", "--target", "fetch");
    expect(code).toBe(1);
    expect(stderr).toContain("is not what was stored");
  });
});

describe("a signed model in a package", () => {
  it("serves where its signature fits, and nowhere else", async () => {
    const project = await small();
    const { stdout: keys } = await project.launchpad("models", "keygen");
    const { sign_key, verify_key } = JSON.parse(keys);
    const config = (key: string) =>
      minimal["launchpad.yml"].replace("./model_store }", `./model_store, sign_key_var: KEY, verify_key: "${key}" }`);
    await project.write({ "launchpad.yml": config(verify_key) });
    const command = [...(runtimes.Node ?? []), join(project.folder, "node_modules/mllaunchpad/dist/cli.js"), "train"];
    const trained = await run(command, { cwd: project.folder, env: { KEY: sign_key } });
    expect(trained, trained.stderr).toMatchObject({ code: 0 });

    const { file, variables } = await project.build("--target", "cloudflare");
    expect(variables).toEqual([]);
    const code = await project.read(file);
    expect(code.includes(sign_key)).toBe(false);
    expect(await ask(code, { size: 1 })).toEqual([200, { sum: 2 }]);
    const forged = code.replace(/("have_columns_been_ordered": )false/, "$1true");
    expect(forged).not.toBe(code);
    expect(await ask(forged, { size: 1 })).toMatchObject([503, { code: expect.stringMatching(/^STORE_/) }]);

    const { stdout: others } = await project.launchpad("models", "keygen");
    await project.write({ "launchpad.yml": config(JSON.parse(others).verify_key) });
    const { code: exit, stderr } = await project.launchpad("build", "--target", "cloudflare");
    expect([exit, stderr]).toEqual([1, expect.stringContaining("sign")]);
  });
});

describe("what cannot run there", () => {
  const cases: Record<string, { files: Record<string, string>; message: RegExp }> = {
    "a module of Node": {
      files: {
        "model.ts": model("() => helper()", 'import { helper } from "./helper.ts";'),
        "helper.ts":
          'import { readFileSync } from "node:fs";\nexport const helper = () => ({ sum: readFileSync("x").length });\n',
      },
      message: /model\.ts -> helper\.ts -> node:fs is a module of Node, which TARGET does not have\. Use a data source/,
    },
    "a module of Node in a package": {
      files: {
        "model.ts": model("() => ({ sum: weigh('a') })", 'import { weigh } from "scales";'),
        ...installed(
          "scales",
          'import crypto from "crypto";\nexport const weigh = (text) => crypto.createHash("md5").update(text).digest()[0];\n',
        ),
      },
      message:
        /model\.ts -> node_modules\/scales\/index\.js -> node:crypto is a module of Node.*Use crypto, which is global/,
    },
    "a native module": {
      files: {
        "model.ts": model("() => ({ sum: typeof native })", 'import { native } from "metal";'),
        ...installed("metal", 'export const native = globalThis.never ? require("./metal.node") : 1;\n'),
      },
      message: /model\.ts -> node_modules\/metal\/index\.js -> metal\.node is a native module/,
    },
    "code made of text": {
      files: {
        "model.ts": model('() => ({ sum: compile("1 + 1")() })', 'import { compile } from "templates";'),
        ...installed("templates", 'export const compile = (text) => new Function("return " + text);\n'),
      },
      message:
        /model\.ts -> node_modules\/templates\/index\.js makes code of text \(eval or new Function\), which TARGET refuses/,
    },
  };
  for (const [what, { files, message }] of Object.entries(cases)) {
    for (const target of ["cloudflare", "fetch"]) {
      it(`refuses ${what} for ${target}, with the imports that lead there`, async () => {
        const project = await trained(files);
        const { code, stdout, stderr } = await project.launchpad("build", "--target", target);
        expect([code, stdout], stderr).toEqual([2, ""]);
        expect(stderr).toMatch(new RegExp(message.source.replace("TARGET", target)));
      });
    }
  }

  it("takes modules of Node where there are some, and what nothing uses anywhere", async () => {
    const files = {
      "model.ts": model("() => helper()", 'import { helper } from "./helper.ts";'),
      "helper.ts": `import { createHash } from "node:crypto";
export const helper = () => ({ sum: 2 });
export const unused = () => createHash("md5");
export const alsoUnused = () => new Function("return 1");
`,
    };
    const project = await trained(files);
    await project.build("--target", "node");
    const { file } = await project.build("--target", "cloudflare");
    expect(await ask(await project.read(file), {})).toEqual([200, { sum: 2 }]);
  });

  it("leaves a package out that is installed where the package runs", async () => {
    const project = await trained({
      "model.ts": model("() => ({ sum: native })", 'import { native } from "metal";'),
      ...installed("metal", "export const native = 5;\n"),
    });
    const { parts } = await project.build("--target", "node", "--external", "metal");
    expect(parts.map(({ name }) => name)).not.toContain("metal");
  });

  it("says which import is missing", async () => {
    const project = await trained({
      "model.ts": model("async () => ({ sum: (await import('not-there')).x })"),
    });
    const { code, stderr } = await project.launchpad("build", "--target", "cloudflare");
    expect(code).toBe(2);
    expect(stderr).toMatch(/model\.ts line \d+: Could not resolve "not-there".*npm install not-there/);
  });
});

describe("data in a package", () => {
  const config = (sources: string, more = "") => `model_store: { location: ./model_store }
model: { name: sums, version: "1.0.0", module: model.ts }
api: { name: sums }
datasources:
${sources}
${more}`;
  const reads = model(`async (_, __, { source }) => {
    const rows = [...(await source("prices").frame()).rows()];
    return { sum: rows.reduce((sum, { price }) => sum + Number(price), 0) };
  }`);
  const prices = "name,price\na,1\nb,2.5\n";

  it("holds readers of what a prediction reads only, and looks for files in the working folder", async () => {
    const project = await trained({
      "launchpad.yml": config(
        "  prices: { type: csv, path: data/prices.csv }\n  older: { type: jsonl, path: older.jsonl, tags: train }",
      ),
      "model.ts": reads,
      "data/prices.csv": prices,
    });
    const { file, parts } = await project.build("--target", "node");
    const names = parts.map(({ name }) => name);
    expect(names).not.toContain("hyparquet");
    const text = await project.read(file);
    expect(text).toContain("A cell that holds the separator must be in quotes");
    expect([text.includes("./data/prices.csv"), text.includes("older.jsonl"), text.includes(project.folder)]).toEqual([
      true,
      false,
      false,
    ]);

    const elsewhere = await mkdtemp(join(tmpdir(), "launchpad-elsewhere-"));
    try {
      await mkdir(join(elsewhere, "data"));
      await writeFile(join(elsewhere, "data/prices.csv"), "name,price\na,40\nb,2\n");
      const script = `const { fetch } = await import(${JSON.stringify(join(project.folder, file))});
        console.log(await (await fetch(new Request("http://x/sums/v1/predictions", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }))).text());`;
      const { stdout, stderr } = await run([...(runtimes.Node ?? []), "--input-type=module", "-e", script], {
        cwd: elsewhere,
      });
      expect(stdout, stderr).toBe('{"sum":42}\n');
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });

  it("refuses files where there are none, naming the source and what to use", async () => {
    const project = await trained({
      "launchpad.yml": config("  prices: { type: csv, path: prices.csv }"),
      "model.ts": reads,
      "prices.csv": prices,
    });
    for (const [target, instead] of [
      ["cloudflare", "r2://BINDING/"],
      ["fetch", "https://"],
    ] as const) {
      const { code, stderr } = await project.launchpad("build", "--target", target);
      expect(code).toBe(2);
      expect(stderr).toContain("launchpad.yml line 5: datasources.prices.path: found ");
      expect(stderr).toContain(`which a package for ${target} does not reach. Use `);
      expect(stderr).toContain(instead);
    }
  });

  it("refuses a model store that is not reached from there", async () => {
    const project = await trained();
    const { code, stderr } = await project.launchpad("build", "--target", "cloudflare", "--model", "store");
    expect(code).toBe(2);
    expect(stderr).toMatch(/launchpad\.yml line 1: model_store\.location: found .*--model embed/);
  });

  it("reads from R2 and writes wrangler.jsonc, once", async () => {
    const project = await trained({
      "launchpad.yml": config(
        "  prices: { type: csv, path: r2://DATA/prices.csv, tags: predict }\n  shop: { type: csv, path: https://example.com/x.csv, tags: predict, headers: { authorization_var: SHOP_TOKEN } }",
      ),
      "model.ts": reads,
    });
    const { file, variables, stderr } = await project.build("--target", "cloudflare");
    expect(variables).toEqual(["SHOP_TOKEN"]);
    expect(stderr).toContain("Wrote wrangler.jsonc");
    const written = await project.read("wrangler.jsonc");
    expect(written).toContain("npx wrangler secret put SHOP_TOKEN");
    expect(JSON.parse(written.replace(/^ *\/\/.*$/gm, ""))).toEqual({
      name: "sums",
      main: "build/cloudflare/index.mjs",
      compatibility_date: "2026-07-01",
      r2_buckets: [{ binding: "DATA", bucket_name: "fill in" }],
    });

    await project.write({ "wrangler.jsonc": "// mine\n{}\n" });
    const again = await project.build("--target", "cloudflare");
    expect(again.stderr).toMatch(/wrangler\.jsonc is there already and stays as it is[\s\S]*"binding": "DATA"/);
    expect(await project.read("wrangler.jsonc")).toBe("// mine\n{}\n");

    const worker = await startPackage(await project.read(file), { r2Buckets: ["DATA"], bindings: { SHOP_TOKEN: "x" } });
    try {
      const bucket = (await worker.getR2Bucket("DATA")) as unknown as { put(key: string, text: string): Promise<void> };
      await bucket.put("prices.csv", prices);
      const response = await worker.dispatchFetch("http://x/sums/v1/predictions", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      });
      expect([response.status, await response.json()]).toEqual([200, { sum: 3.5 }]);
    } finally {
      await worker.dispose();
    }
  });

  it("never holds a secret: a variable's value is not read, and a value in its place is refused", async () => {
    const files = {
      "launchpad.yml": config(
        "  prices: { type: csv, path: https://example.com/x.csv, tags: predict, headers: { authorization_var: SHOP_TOKEN } }",
      ),
      "model.ts": reads,
    };
    const project = await trained(files);
    const built = await run(
      [
        ...(runtimes.Node ?? []),
        join(project.folder, "node_modules/mllaunchpad/dist/cli.js"),
        "build",
        "--target",
        "fetch",
      ],
      { cwd: project.folder, env: { SHOP_TOKEN: "hush-hush" } },
    );
    expect(built, built.stderr).toMatchObject({ code: 0 });
    const text = await project.read("build/fetch/index.mjs");
    expect([text.includes("SHOP_TOKEN"), text.includes("hush-hush")]).toEqual([true, false]);

    await project.write({
      "launchpad.yml": files["launchpad.yml"].replace("authorization_var: SHOP_TOKEN", "authorization: hush-hush"),
    });
    const { code, stderr } = await project.launchpad("build", "--target", "fetch");
    expect(code).toBe(2);
    expect(stderr).toMatch(/datasources\.prices\.headers\.authorization: found a secret.*Use authorization_var/);
    expect(stderr).not.toContain("hush-hush");
  });

  it("takes a plugin only if a prediction uses its type", async () => {
    const plugin = `import { createFrame, defineSource } from "mllaunchpad/plugin";
import { marker } from "plugin-only";
export default defineSource({ serves: ["fixed"], open: () => ({ frame: async () => createFrame({ price: [marker, 2] }) }) });
`;
    for (const [tags, sum] of [
      ["predict", 3],
      ["train", undefined],
    ] as const) {
      const project = await trained({
        "launchpad.yml": config(`  prices: { type: fixed, tags: ${tags} }`, "plugins: [./plugin.ts]\n"),
        "plugin.ts": plugin,
        "model.ts": sum === undefined ? minimal["model.ts"] : reads,
        ...installed("plugin-only", "export const marker = Math.sign(Date.now());\n"),
      });
      const { file, parts } = await project.build("--target", "cloudflare");
      expect(parts.some(({ name }) => name === "plugin-only")).toBe(sum !== undefined);
      if (sum !== undefined) expect(await ask(await project.read(file), {})).toEqual([200, { sum }]);
    }
  });
});
