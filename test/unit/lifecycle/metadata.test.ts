import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { defineSource, type Model, type ModelOrigin } from "../../../src/index.ts";
import { metaKeys, metaSchema } from "../../../src/store/runs/meta-schema.ts";
import { testHost } from "../../support/host.ts";
import { project, sumModel } from "../../support/project.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const published = fileURLToPath(new URL("../../../src/store/runs/meta.schema.json", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "launchpad-"));
const csv = (name: string, text: string, tags: readonly string[]) => {
  writeFileSync(join(folder, name), text);
  return { type: "csv", path: pathToFileURL(join(folder, name)).href, tags };
};
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const model = (over: Partial<Model>): Model => ({ ...(sumModel as Model), ...over });
const datasources = {
  petals: csv("petals.csv", "a,b\n1,2\n3,4\n", ["train", "test", "predict"]),
  holdout: csv("holdout.csv", "a\n1\n", ["test"]),
};

/** Metadata as it is stored. */
async function metaOf(project: { launchpad: { train(): Promise<{ meta: object | undefined }> } }) {
  const { meta } = await project.launchpad.train();
  return JSON.parse(JSON.stringify(meta));
}

/** A type of source that asks for parameters. */
const queries = defineSource({
  serves: ["query"],
  open: () => ({
    frame: async ({ params }) => (await import("../../../src/index.ts")).createFrame({ n: [Number(params.n)] }),
  }),
});

const origin: ModelOrigin = {
  packages: { valibot: "1.5.0" },
  code: { sha256: "a".repeat(64), files: ["model.ts"], git: { commit: "b".repeat(40), dirty: false } },
};

describe("metadata of a training", () => {
  it("names what was read in training and testing, and nothing else", async () => {
    const reading = model({
      async train({ source }) {
        await source("petals").frame();
        return { sum: 1 };
      },
      async test(_, { source }) {
        for await (const _ of source("petals").batches({ size: 1 }));
        await source("holdout").text();
        return {};
      },
      predict: async (_, __, { source }) => (await source("petals").frame()).length,
    });
    const { launchpad } = project(reading, { datasources });
    const { meta } = await launchpad.train();
    await launchpad.predict({});
    const digest = { sha256_of: "bytes", complete: true, params: {} };
    expect(meta?.data).toEqual([
      { name: "holdout", read_by: ["test"], rows: null, columns: null, sha256: sha256("a\n1\n"), ...digest },
      {
        name: "petals",
        read_by: ["train", "test"],
        rows: 2,
        columns: ["a", "b"],
        sha256: sha256("a,b\n1,2\n3,4\n"),
        ...digest,
      },
    ]);
  });

  it("keeps readings with different parameters apart, without secrets and without long text", async () => {
    const host = testHost();
    const { createLaunchpad } = await import("../../../src/index.ts");
    const launchpad = createLaunchpad({
      config: {
        datasources: { rows: { type: "query" } },
        model_store: { location: "memory:" },
        model: { name: "m", version: "1.0.0", module: "m" },
      },
      model: model({
        async train({ source }) {
          for (const n of [1, 2, 1]) await source("rows").frame({ n });
          await source("rows").frame({ token: "hunter2", n: 3n, url: "postgres://me:hunter2@db/x", day: new Date(0) });
          await source("rows").frame({ text: "y".repeat(10_000), n: 4 });
          return { sum: 1 };
        },
      }),
      host,
      plugins: [queries],
    });
    const { meta } = await launchpad.train();
    const data = meta?.data as unknown as { params: object }[];
    expect(data.map(({ params }) => params)).toEqual([
      { n: 1 },
      { n: 2 },
      { day: "1970-01-01T00:00:00.000Z", n: 3, token: "***", url: "postgres://***@db/x" },
      { n: 4, text: `${"y".repeat(200)}...` },
    ]);
    expect(JSON.stringify([meta, host.records])).not.toContain("hunter2");
  });

  it("counts readings past a thousand instead of listing them", async () => {
    const { createLaunchpad } = await import("../../../src/index.ts");
    const launchpad = createLaunchpad({
      config: {
        datasources: { rows: { type: "query" } },
        model_store: { location: "memory:" },
        model: { name: "m", version: "1.0.0", module: "m" },
      },
      model: model({
        async train({ source }) {
          for (let n = 0; n < 1003; n++) await source("rows").frame({ n });
          return { sum: 1 };
        },
      }),
      host: testHost(),
      plugins: [queries],
    });
    const { meta } = await launchpad.train();
    expect(meta?.data).toHaveLength(1000);
    expect(meta?.data_left_out).toBe(3);
  });

  it("says of a reading that was stopped early that it is not complete", async () => {
    const impatient = model({
      async train({ source }) {
        for await (const _ of source("petals").batches({ size: 1 })) break;
        return { sum: 1 };
      },
    });
    const meta = await metaOf(project(impatient, { datasources }));
    expect(meta.data).toMatchObject([{ name: "petals", rows: 1, sha256: null, complete: false }]);
  });

  it("says how long training and testing took, by the host's clock", async () => {
    let time = 0;
    const slow = model({
      train() {
        time += 1500;
        return { sum: 1 };
      },
      test() {
        time += 250;
        return {};
      },
    });
    const { launchpad } = project(slow, {}, { now: () => time });
    expect((await launchpad.train()).meta).toMatchObject({ training_seconds: 1.5, testing_seconds: 0.25 });
    const untested = (await launchpad.train({ test: false })).meta;
    expect(untested).toMatchObject({ training_seconds: 1.5 });
    expect(untested).not.toHaveProperty("testing_seconds");
  });

  it("does not run backwards with a clock that does", async () => {
    let time = 1e12;
    const { launchpad } = project(sumModel, {}, { now: () => time-- });
    expect((await launchpad.train()).meta).toMatchObject({ training_seconds: 0, testing_seconds: 0 });
  });

  it("holds what the host knows of packages and code, and nothing where it knows nothing or fails", async () => {
    const known = await metaOf(project(sumModel, {}, { describeModel: async () => origin }));
    expect(known.system.packages).toEqual(origin.packages);
    expect(known.code).toEqual(origin.code);
    const failing = async () => Promise.reject(new Error("no git"));
    for (const host of [{}, { describeModel: failing }]) {
      const meta = await metaOf(project(sumModel, {}, host));
      expect([meta.system.packages, meta.code]).toEqual([{}, {}]);
    }
  });

  it("asks for packages and code once, as the training begins, and not when nothing is stored", async () => {
    const asked: string[] = [];
    const describeModel = async () => {
      asked.push("host");
      return origin;
    };
    const { launchpad } = project(model({ train: () => void asked.push("train") }), {}, { describeModel });
    await launchpad.train({ test: false }).catch(() => {});
    expect(asked).toEqual(["host", "train"]);
    await launchpad.train({ persist: false, test: false });
    expect(asked).toEqual(["host", "train", "train"]);
  });

  it("keeps the user's own keys, which can replace none of Launchpad's and hold no secrets", async () => {
    const claims = Object.fromEntries([...metaKeys].map((key) => [key, "mine"]));
    const own = { note: "mine", nested: { list: [1, "2"] }, api_key: "hunter2", from: "https://me:hunter2@host/" };
    const given = { ...claims, name: "sum", version: "1.0.0", ...own };
    const meta = await metaOf(project(sumModel, { model: given }));
    expect(meta).toMatchObject({ note: "mine", nested: { list: [1, "2"] }, api_key: "***", from: "https://***@host/" });
    const { config_snapshot: _, ...rest } = meta;
    for (const key of metaKeys) expect(rest[key], key).not.toBe("mine");
    expect(rest).not.toHaveProperty("api_base_url");
    expect(JSON.stringify(rest)).not.toContain("hunter2");
  });
});

describe("the JSON Schema of metadata", () => {
  const generated = toJsonSchema(metaSchema, { target: "draft-2020-12" });

  it("is the one that is published; `vitest run test/unit/lifecycle/metadata.test.ts -u` writes it", async () => {
    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const text = await new Promise<string>((resolve, reject) => {
      const args = [biome, "format", "--stdin-file-path=meta.schema.json"];
      const child = execFile(process.execPath, args, { cwd: root }, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      );
      child.stdin?.end(JSON.stringify(generated, null, 2));
    });
    expect(JSON.parse(readFileSync(published, "utf8"))).toMatchObject({ title: expect.any(String) });
    await expect(text).toMatchFileSnapshot(published);
  });

  it("takes what a training writes, and not what is not metadata", async () => {
    const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
    ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    const validate = ajv.compile(JSON.parse(readFileSync(published, "utf8")));
    const reading = model({
      async train({ source, report }) {
        report("petals", await source("petals").frame());
        for await (const _ of source("petals").rows()) break;
        return { sum: 1 };
      },
      async test(_, { source }) {
        await source("holdout").text();
        return { accuracy: 1 };
      },
    });
    const api = { name: "sum" };
    const full = await metaOf(project(reading, { datasources, api }, { describeModel: async () => origin }));
    expect(validate(full), JSON.stringify(validate.errors)).toBe(true);
    expect(full.data).toHaveLength(3);
    const least = (await project(sumModel).launchpad.train({ test: false })).meta;
    expect(validate(JSON.parse(JSON.stringify(least))), JSON.stringify(validate.errors)).toBe(true);

    const wrong = [
      { ...full, created: "yesterday" },
      { ...full, data: [{ ...full.data[0], sha256: "short" }] },
      { ...full, data: [{ ...full.data[0], rows: -1 }] },
      { ...full, system: {} },
      { ...full, code: { git: { commit: 1 } } },
      { ...full, training_seconds: undefined },
    ];
    for (const meta of wrong) expect(validate(JSON.parse(JSON.stringify(meta)))).toBe(false);
  });

  it("describes each of Launchpad's keys", async () => {
    const meta = await metaOf(project(sumModel, { datasources }, { describeModel: async () => origin }));
    expect(Object.keys(meta).filter((key) => !metaKeys.has(key))).toEqual([]);
  });
});
