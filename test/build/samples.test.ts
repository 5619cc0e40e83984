import { afterEach, describe, expect, it } from "vitest";
import { createProject, type Project, startPackage } from "./project.ts";

const projects: Project[] = [];

afterEach(async () => {
  for (const project of projects.splice(0)) await project.remove();
});

/** A trained model of the area of things; `factor` is what it multiplies with. */
async function areas(factor: string, config = "", files: Readonly<Record<string, string>> = {}): Promise<Project> {
  const project = await createProject({
    "launchpad.yml": `model_store: { location: ./model_store }
model: { name: areas, version: "1.0.0", module: model.ts }
api: { name: areas, openapi: api.yml }
datasources:
  known: { type: csv, path: known.csv, tags: [test] }
${config}`,
    "api.yml": `openapi: 3.1.0
info: { title: Areas, version: v1 }
paths:
  /areas:
    get:
      parameters:
        - { name: width, in: query, required: true, schema: { type: number } }
        - { name: height, in: query, required: true, schema: { type: number, maximum: 90 } }
      responses: { "200": { description: The area. } }
`,
    "known.csv": "width,height,area\n1,2,2\n3,4,12\n5,6,30\n7,8,56\n9,100,900\n",
    "model.ts": `import { defineModel } from "mllaunchpad";
export default defineModel({
  train: () => ({ factor: 1 }),
  test: () => ({}),
  predict: ({ factor }, { width, height }) => ({ area: width * height * factor * ${factor} }),
});
`,
    ...files,
  });
  projects.push(project);
  const { code, stderr } = await project.launchpad("train");
  expect(code, stderr).toBe(0);
  return project;
}

const readiness = async (code: string) => {
  const worker = await startPackage(code);
  try {
    const ready = await worker.dispatchFetch("http://x/readyz");
    const answer = await worker.dispatchFetch("http://x/areas/v1/areas?width=2&height=3");
    return { status: ready.status, body: await ready.json(), answer: [answer.status, await answer.json()] };
  } finally {
    await worker.dispose();
  }
};

describe("launchpad build --samples", () => {
  it("puts predictions for rows of test data into the package, which reproduces them before it serves", async () => {
    const project = await areas("1");
    const { file, stderr } = await project.build("--target", "cloudflare", "--samples", "2");
    expect(stderr).toContain("2 rows of test data are in the package");
    const code = await project.read(file);
    expect(code).toContain("width:1,height:2");
    expect(await readiness(code)).toEqual({
      status: 200,
      body: { status: "ready" },
      answer: [200, { area: 6 }],
    });
  });

  it("does not serve where the model predicts otherwise, and says which sample differs and how", async () => {
    // What differs between runtimes, much enlarged: the last bits of mathematical functions do not count.
    const project = await areas(
      '(typeof process === "undefined" || navigator.userAgent === "Cloudflare-Workers" ? 1.001 : 1)',
    );
    const { file } = await project.build("--target", "cloudflare", "--samples", "4");
    expect(await readiness(await project.read(file))).toMatchObject({
      status: 503,
      body: { code: "NOT_READY", detail: "The model does not reproduce sample 0 on workerd: prediction.area differs." },
      answer: [503, { code: "SAMPLES_DIFFER" }],
    });
  });

  it("takes numbers that differ in their last bits only", async () => {
    const project = await areas('(navigator.userAgent === "Cloudflare-Workers" ? 1 + 1e-12 : 1)');
    const { file } = await project.build("--target", "cloudflare", "--samples", "4");
    expect(await readiness(await project.read(file))).toMatchObject({ status: 200 });
  });

  it("leaves out rows that the API refuses", async () => {
    const project = await areas("1");
    const { file, stderr } = await project.build("--target", "cloudflare", "--samples", "100");
    expect(stderr).toContain("4 rows of test data are in the package");
    expect(await project.read(file)).not.toContain("height:100");
  });

  it("says what it cannot take samples from, and what else there is", async () => {
    const project = await areas("1");
    const build = async (...args: string[]) => {
      const { code, stdout, stderr } = await project.launchpad("build", "--target", "cloudflare", ...args);
      expect([code, stdout]).toEqual([expect.any(Number), ""]);
      return stderr;
    };
    expect(await build("--samples", "some")).toContain(
      '--samples: found "some", expected a whole number from 1 to 9999',
    );
    expect(await build("--samples", "3", "--model", "store")).toMatch(/--samples: found --model store.*defineModel/);
    await project.write({ "known.csv": "breadth,height\n1,2\n" });
    expect(await build("--samples", "3")).toMatch(
      /--samples: no test data can be sent to the API\. known: \/areas takes width, height; found the columns breadth, height\..*tag test/,
    );
    const config = await project.read("launchpad.yml");
    await project.write({ "launchpad.yml": config.replace("[test]", "[train]") });
    expect(await build("--samples", "3")).toContain("--samples: found no data source with the tag test");
  });
});
