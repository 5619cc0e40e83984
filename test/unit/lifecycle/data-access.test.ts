import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { Model } from "../../../src/index.ts";
import { project, sumModel } from "../../support/project.ts";

const folder = mkdtempSync(join(tmpdir(), "launchpad-"));
const path = pathToFileURL(join(folder, "data.csv")).href;
writeFileSync(join(folder, "data.csv"), "a\n1\n2\n");

const config = {
  datasources: {
    petals: { type: "csv", path, tags: "train" },
    holdout: { type: "csv", path, tags: ["test"] },
    shared: { type: "csv", path },
  },
};

const model = (over: Partial<Model>): Model => ({ ...(sumModel as Model), ...over });

describe("sources of a run", () => {
  it("are those without tags, and those tagged for it", async () => {
    const seen = model({
      async train({ source }) {
        return { sum: (await source("petals").frame()).length + (await source("shared").frame()).length };
      },
      test: async (_, { source }) => ({ rows: (await source("holdout").frame()).length }),
    });
    expect((await project(seen, config).launchpad.train()).metrics).toEqual({ rows: 2 });
  });

  it("do not include those tagged for another, and the error lists what there is", async () => {
    const { launchpad } = project(model({ train: ({ source }) => source("holdout").frame() }), config);
    await expect(launchpad.train()).rejects.toMatchObject({
      code: "DATA_UNKNOWN",
      message: expect.stringMatching(/holdout.*test[\s\S]*petals[\s\S]*shared/),
    });
  });

  it("have names, and a wrong one gets a hint", async () => {
    const { launchpad } = project(model({ train: ({ source }) => source("petal").frame() }), config);
    await expect(launchpad.train()).rejects.toMatchObject({
      code: "DATA_UNKNOWN",
      message: expect.stringContaining("petals"),
    });
  });

  it("fail before a long training when a variable is not set", async () => {
    let trained = false;
    const { launchpad } = project(
      model({
        train() {
          trained = true;
        },
      }),
      { datasources: { petals: { type: "csv", path, options: { sep_var: "SEPARATOR" } } } },
    );
    await expect(launchpad.train()).rejects.toMatchObject({
      code: "VARIABLE_NOT_SET",
      exitCode: 2,
      message: expect.stringContaining("SEPARATOR"),
    });
    expect(trained).toBe(false);
  });

  it("say which file is missing", async () => {
    const missing = pathToFileURL(join(folder, "missing.csv")).href;
    const { launchpad } = project(model({ train: ({ source }) => source("petals").frame() }), {
      datasources: { petals: { type: "csv", path: missing } },
    });
    await expect(launchpad.train()).rejects.toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: expect.stringContaining("missing.csv"),
    });
  });
});
