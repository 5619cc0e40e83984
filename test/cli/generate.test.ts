import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readOpenApi } from "../../src/api/read/openapi.ts";
import { readRaml } from "../../src/index.ts";
import { publishedCli, run, runtimes, startApi } from "../runtimes/runtime.ts";

const cli = [...(runtimes.Node ?? []), publishedCli];
let folder: string;

const launchpad = (...args: string[]) => run([...cli, ...args], { cwd: folder });

const csv = `"größe, in m²","1: rooms",heating,price
50,2,gas,150000
80,3,wood,240000
120,4,gas,360000
95,3,wood,285000
`;

const config = (api: string, store = "model_store") => `datasources:
  houses: { type: csv, path: houses.csv, tags: train }
  kept: { type: csv, path: houses.csv, tags: [test], expires: -1 }
  all: { type: csv, path: houses.csv }
model_store: { location: ./${store} }
model: { name: prices, version: "3.1.4", module: price_model }
api: { ${api} }
`;

const model = `export const train = () => ({ perSquareMetre: 3000 });
export const test = () => ({});
export const predict = ({ perSquareMetre }, args) => ({ price: Math.round(perSquareMetre * args["größe, in m²"]) });
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-generate-"));
  await writeFile(join(folder, "houses.csv"), csv);
  // Neither the model nor the API file is there yet.
  await writeFile(join(folder, "launchpad.yml"), config("name: houses, raml: houses.raml"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("launchpad generate-raml and generate-openapi", () => {
  it("make an API file before there is a model, which makes predictions as it is", async () => {
    const made = await launchpad("generate-raml", "houses", "--target", "price", "--resource", "prices");
    expect(made).toMatchObject({ code: 0 });
    const definition = readRaml(made.stdout, { file: "houses.raml", version: "v3" });
    expect(definition).toMatchObject({ title: "houses", version: "v3", resources: [{ path: "/prices" }] });
    expect(definition.resources[0]?.parameters).toMatchObject([
      { name: "größe, in m²", required: true, schema: { type: "integer" }, example: 50 },
      { name: "1: rooms", required: true, schema: { type: "integer" }, example: 2 },
      { name: "heating", required: true, schema: { enum: ["gas", "wood"] }, example: "gas" },
    ]);

    await writeFile(join(folder, "houses.raml"), made.stdout);
    await writeFile(join(folder, "price_model.mjs"), model);
    expect(await launchpad("train")).toMatchObject({ code: 0 });
    const api = await startApi(cli, { cwd: folder });
    try {
      const [, url = ""] = await api.running.printed(/Open +(\S+)/);
      const answer = await fetch(url);
      expect([answer.status, await answer.json()]).toEqual([200, { price: 150_000 }]);
      const [, docs = ""] = await api.running.printed(/Docs +(\S+)/);
      expect((await fetch(docs)).headers.get("content-type")).toBe("text/html; charset=utf-8");
      const refused = await fetch(url.replace(/heating=gas/, "heating=coal"));
      expect((await refused.json()).errors).toMatchObject([{ name: "heating", received: "coal" }]);
    } finally {
      await api.stop();
    }
  });

  it("make the same in OpenAPI", async () => {
    const made = await launchpad("generate-openapi", "houses", "--target", "price");
    expect(made).toMatchObject({ code: 0 });
    const { valid, errors } = await new Validator().validate(parse(made.stdout));
    expect(valid, JSON.stringify(errors)).toBe(true);
    expect(parse(made.stdout)).toMatchObject({
      info: { title: "houses", version: "3.1.4" },
      servers: [{ url: "/houses/v3" }],
    });
    const { resources } = readOpenApi(made.stdout, { file: "houses.yml", version: "v3", basePath: "/houses/v3" });
    for (const { path, parameters } of resources) {
      expect(path).toBe("/predictions");
      expect(parameters.map(({ name }) => name)).toEqual(["größe, in m²", "1: rooms", "heating"]);
    }
    expect(resources.flatMap(({ methods }) => methods).sort()).toEqual(["GET", "POST"]);

    await writeFile(join(folder, "houses.yml"), made.stdout);
    await writeFile(join(folder, "price_model.mjs"), model);
    await writeFile(join(folder, "openapi.yml"), config("name: houses, openapi: houses.yml", "openapi_store"));
    const options = ["-c", "openapi.yml"];
    expect(await launchpad(...options, "train")).toMatchObject({ code: 0 });
    const api = await startApi([...cli, ...options], { cwd: folder });
    try {
      const example = parse(made.stdout).paths["/predictions"].post.requestBody.content["application/json"].example;
      const answer = await fetch(`${api.origin}/houses/v3/predictions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(example),
      });
      expect([answer.status, await answer.json()]).toEqual([200, { price: 150_000 }]);
      const document = await (await fetch(`${api.origin}/openapi.json`)).json();
      expect(Object.keys(document.paths["/predictions"])).toEqual(["get", "post"]);
    } finally {
      await api.stop();
    }
  });

  it("take any data source, whatever it is for and whether or not it is kept", async () => {
    const texts = [];
    for (const name of ["kept", "all"]) {
      const made = await launchpad("generate-raml", name);
      expect(made).toMatchObject({ code: 0 });
      texts.push(made.stdout.replaceAll(name, "houses"));
    }
    expect(texts[0]).toBe(texts[1]);
  });

  const mistakes: Record<string, [readonly string[], number, RegExp]> = {
    "a source that is not there": [
      ["generate-raml", "house"],
      1,
      /launchpad\.yml line 1: no data source "house"; did you mean "houses"\? .*\[DATA_UNKNOWN\]/,
    ],
    "a column that is not there": [
      ["generate-openapi", "houses", "--target", "prise"],
      1,
      /--target: houses has no column "prise"; did you mean "price"\? .*\[COLUMN_UNKNOWN\]/,
    ],
    "a resource that is no path": [
      ["generate-raml", "houses", "--resource", "a b"],
      2,
      /--resource: the path \/a b has a segment "a b".*\[USAGE\]/,
    ],
    "no source": [["generate-raml"], 2, /missing required argument 'source'.*\[USAGE\]/],
  };
  for (const [what, [args, code, message]] of Object.entries(mistakes)) {
    it(`say what is wrong with ${what}`, async () => {
      const made = await launchpad(...args);
      expect(made).toMatchObject({ code, stdout: "" });
      expect(made.stderr).toMatch(message);
      expect(made.stderr).not.toContain("    at ");
    });
  }
});
