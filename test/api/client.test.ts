import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedCli, run, runtimes, startApi } from "../runtimes/runtime.ts";
import { type TrainedIris, trainIris } from "./iris.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
let iris: TrainedIris;
let api: Awaited<ReturnType<typeof startApi>>;
let folder: string;
let types: string;

beforeAll(async () => {
  iris = await trainIris();
  api = await startApi([...(runtimes.Node ?? []), publishedCli, ...iris.config]);
  folder = await mkdtemp(join(tmpdir(), "launchpad-client-"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  types = astToString(await openapiTS(new URL(`${api.origin}/openapi.json`)));
  await writeFile(join(folder, "iris.ts"), types);
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
});

afterAll(async () => {
  await api?.stop();
  await iris?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const compilerOptions = {
  target: "ES2022",
  module: "ESNext",
  moduleResolution: "bundler",
  lib: ["ES2023", "DOM", "DOM.Iterable"],
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};

const program = (call: string) => `import createClient from "openapi-fetch";
import type { components, paths } from "./iris.ts";

const client = createClient<paths>({ baseUrl: process.argv[2] ?? "" });
${call}
`;

const flower = `{ "sepal.length": 4.9, "sepal.width": 2.4, "petal.length": 3.3, "petal.width": 1 }`;

/** Written out: TypeScript looks for what is too much in an object as it is written only. */
const flowerAnd = (more: string) => flower.replace("}", `, ${more} }`);

const right = `
const flower = ${flower};
const got = await client.GET("/varieties", { params: { query: flower } });
const posted = await client.POST("/varieties", { body: flower });
const sent = await client.POST("/varieties", {
  body: flower,
  headers: { "content-type": "application/x-www-form-urlencoded" },
  bodySerializer: (body) => new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)])),
});
const variety: "Setosa" | "Versicolor" | "Virginica" | undefined = got.data?.iris_variety;
// What is forbidden to write is not forbidden to send: somebody may have an older client.
const refused = await client.GET("/varieties", { params: { query: { ...flower, "petal.width": -1 } } });
const problem: components["schemas"]["Problem"] | undefined = refused.error;
console.log(JSON.stringify([variety, posted.data?.iris_variety, sent.data?.iris_variety, problem?.errors?.[0]?.name]));
`;

/** Each is one mistake, and what the compiler says of it. */
const wrong: Record<string, readonly [code: string, message: RegExp]> = {
  "a misspelt parameter": [
    `await client.GET("/varieties", { params: { query: ${flower.replace("sepal.length", "sepal.lenght")} } });`,
    /'"sepal\.lenght"' does not exist/,
  ],
  "a misspelt argument in the body": [
    `await client.POST("/varieties", { body: ${flower.replace("sepal.length", "sepal.lenght")} });`,
    /'"sepal\.lenght"' does not exist/,
  ],
  // What is too much, openapi-fetch lets pass; its types do not.
  "a parameter too many": [
    `export const query: paths["/varieties"]["get"]["parameters"]["query"] = ${flowerAnd(`colour: "red"`)};`,
    /'colour' does not exist/,
  ],
  "an argument in the body too many": [
    `export const body: components["schemas"]["VarietiesArguments"] = ${flowerAnd(`colour: "red"`)};`,
    /'colour' does not exist/,
  ],
  "a parameter that is missing": [
    `await client.GET("/varieties", { params: { query: { "sepal.width": 2.4, "petal.length": 3.3, "petal.width": 1 } } });`,
    /Property '"sepal\.length"' is missing/,
  ],
  "a parameter of another type": [
    `await client.GET("/varieties", { params: { query: { ...${flower}, "petal.width": "wide" } } });`,
    /Type 'string' is not assignable to type 'number'/,
  ],
  "a path that there is not": [`await client.GET("/variety", {});`, /'"\/variety"' is not assignable/],
  "a result that there is not": [
    `const { data } = await client.GET("/varieties", { params: { query: ${flower} } });
     console.log(data?.variety);`,
    /Property 'variety' does not exist/,
  ],
  "a result that cannot be": [
    `const { data } = await client.GET("/varieties", { params: { query: ${flower} } });
     if (data?.iris_variety === "Rose") console.log();`,
    /no overlap/,
  ],
};

describe("a client generated from /openapi.json", () => {
  it("compiles, calls the API, and refuses to compile what is wrong", async () => {
    await writeFile(join(folder, "right.ts"), program(right));
    for (const [index, [call]] of Object.values(wrong).entries()) {
      await writeFile(join(folder, `wrong${index}.ts`), program(call));
    }
    const compiled = await run([join(root, "node_modules/.bin/tsc"), "-p", "."], { cwd: folder });
    expect(compiled.code).not.toBe(0);
    const complaints = compiled.stdout.split(/\n(?=\S)/);
    const of = (file: string) => complaints.filter((line) => line.startsWith(`${file}(`)).join("\n");
    for (const [index, [what, [, message]]] of Object.entries(wrong).entries()) {
      expect(of(`wrong${index}.ts`), what).toMatch(message);
    }
    // Whatever is wrong is in the files that are meant to be.
    expect(complaints.filter((line) => line !== "" && !/^wrong\d\.ts\(/.test(line))).toEqual([]);

    const called = await run([...(runtimes.Node ?? []), join(folder, "right.ts"), `${api.origin}/iris/v0`]);
    expect(called, called.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(called.stdout)).toEqual(["Versicolor", "Versicolor", "Versicolor", "petal.width"]);
  });
});
