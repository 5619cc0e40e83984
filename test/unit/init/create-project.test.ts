import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProject } from "../../../runtimes/init/create-project.ts";
import { templates } from "../../../runtimes/init/templates.ts";
import { createFrame } from "../../../src/index.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-create-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Creates the project `mine` from a data file whose path is relative to the project. */
async function create(path: string) {
  const project = join(folder, "mine");
  const file = join(project, path);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, "size,price\n1,2\n3,4\n");
  const frame = createFrame({ size: [1, 3], price: [2, 4] });
  const data = {
    url: pathToFileURL(file),
    type: "csv",
    options: {},
    frame,
    target: "price",
    task: "regression",
  } as const;
  const { tabular } = templates;
  if (tabular === undefined) expect.unreachable();
  await createProject(project, { name: "prices", runtime: "node", language: "typescript", template: tabular, data });
  return { files: await readdir(project), config: await readFile(join(project, "launchpad.yml"), "utf8") };
}

describe("the data of a new project", () => {
  it.each(["prices.csv", "data/prices.csv", "..data/prices.csv", "..prices.csv"])(
    "stays where it is in the project: %s",
    async (path) => {
      const { files, config } = await create(path);
      expect(config).toContain(`path: "./${path}"`);
      expect(files.filter((name) => name.endsWith(".csv"))).toEqual(path.includes("/") ? [] : [path]);
    },
  );

  it("is copied from elsewhere", async () => {
    const { files, config } = await create("../prices.csv");
    expect(config).toContain('path: "./prices.csv"');
    expect(files).toContain("prices.csv");
  });
});
