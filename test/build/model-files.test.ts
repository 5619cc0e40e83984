import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { corpusOf } from "../formats/corpus.ts";
import { createProject, type Project, startPackage } from "./project.ts";

let project: Project;

beforeAll(async () => {
  const { file } = corpusOf("xgboost").entry("3.4-logistic");
  project = await createProject({
    "launchpad.yml": `
model_store: { location: ./model_store }
model: { name: churn, version: "1.0.0", module: ./churn.ubj, target: churned }
api: { name: churn }
`,
  });
  await writeFile(join(project.folder, "churn.ubj"), Buffer.from(file, "base64"));
  const { code, stderr } = await project.launchpad("train");
  expect(stderr).toContain("trained churn");
  expect(code).toBe(0);
});

afterAll(() => project.remove());

const question = "http://localhost/churn/v1/predictions?f0=0.5&f2=1&explain=true";

it("packages a model file with its reader alone, which answers as the command does", async () => {
  const built = await project.build("--target", "fetch");
  expect(built.stderr).not.toContain("train and test of the model are in the package");
  const { default: handler } = await import(pathToFileURL(join(project.folder, built.file)).href);
  const response: Response = await handler.fetch(new Request(question));
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { churned: number; contributions: Record<string, number> };
  expect(Object.keys(answer.contributions)).toEqual(["f0", "f1", "f2", "f3", "f4", "f5"]);
  await project.write({ "args.json": JSON.stringify({ f0: 0.5, f2: 1, explain: true }) });
  const { stdout } = await project.launchpad("predict", "args.json");
  expect(answer).toEqual(JSON.parse(stdout));
  const code = await project.read(built.file);
  expect(code).not.toContain("skops");
});

it("runs in workerd, bit for bit", async () => {
  const built = await project.build("--target", "cloudflare");
  const worker = await startPackage(await project.read(built.file));
  try {
    const response = await worker.dispatchFetch(question);
    const { stdout } = await project.launchpad("predict", "args.json");
    expect(await response.json()).toEqual(JSON.parse(stdout));
  } finally {
    await worker.dispose();
  }
});
