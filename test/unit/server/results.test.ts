import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { readOpenApi } from "../../../src/api/read/openapi.ts";
import { readRaml } from "../../../src/api/read/raml.ts";
import type { Cell, Sink } from "../../../src/data/types.ts";
import { type ApiDefinition, createLaunchpad } from "../../../src/index.ts";
import { createLogger } from "../../../src/log.ts";
import { temporaryFile } from "../../support/entries.ts";
import { testHost } from "../../support/host.ts";
import { sumModel } from "../../support/project.ts";

const header = 'openapi: 3.0.3\ninfo: { title: t, version: "1" }\npaths:\n  /p:\n    post:\n';
const openApi = (responses: string, example = "") => {
  const parameter = `{ name: x, in: query, required: true, schema: { type: number }${example} }`;
  return readOpenApi(`${header}      parameters: [${parameter}]\n      responses: ${responses}\n`, {
    file: "./api.yaml",
  });
};
const described = (required: string) =>
  `{ "200": { description: ok, content: { application/json: { schema: { type: object, required: [${required}] } } } } }`;

const serve = async (definition: ApiDefinition, api: object = {}) => {
  const lines: string[] = [];
  const log = createLogger((level, name, message) => lines.push(`${level} ${name}: ${message}`));
  const launchpad = createLaunchpad({
    config: {
      model_store: { location: "memory:" },
      model: { name: "m", version: "1.0.0", module: "m" },
      api: { name: "m", ...api },
    },
    model: { ...sumModel, predict: () => ({ y: 1 }) },
    host: { ...testHost(), log },
    api: definition,
  });
  await launchpad.train();
  const trained = lines.splice(0);
  await launchpad.ready();
  const started = lines.splice(0);
  const response = await launchpad.fetch(new Request("http://a.test/m/v1/p?x=1", { method: "POST" }));
  const document = await (await launchpad.fetch(new Request("http://a.test/openapi.json"))).json();
  return { status: response.status, body: await response.json(), document, lines, trained, started };
};
/** Model that writes what it was asked, in one way or another, and an API whose result has `sum`. */
const writing = async (
  predict: (sink: Sink, x: Cell) => unknown,
  more: { output?: boolean; results?: string } = {},
) => {
  const path = temporaryFile(".csv");
  const host = testHost();
  const output = { output: v.object({ sum: v.number() }) };
  const launchpad = createLaunchpad({
    config: {
      model_store: { location: "memory:" },
      model: { name: "m", version: "1.0.0", module: "m" },
      datasinks: { asked: { type: "csv", path: pathToFileURL(path).href, options: { mode: "a" } } },
      api: { name: "m", ...(more.results && { results: more.results }) },
    },
    model: {
      ...sumModel,
      ...(more.output && output),
      predict: (_: unknown, { x = null }: { x?: Cell }, { sink }: { sink(name: string): Sink }) =>
        predict(sink("asked"), x),
    },
    host,
    ...(!more.output && { api: openApi(described("sum")) }),
  });
  await launchpad.train();
  const ask = async (x: number) => {
    const body = JSON.stringify({ x });
    const init = { method: "POST", body, headers: { "content-type": "application/json" } };
    const path = more.output ? "predictions" : `p?x=${x}`;
    const response = await launchpad.fetch(
      new Request(`http://a.test/m/v1/${path}`, more.output ? init : { method: "POST" }),
    );
    return response.status;
  };
  const written = () => (existsSync(path) ? readFileSync(path, "utf8") : "");
  return { ask, written, host, launchpad };
};

describe("what a prediction writes", () => {
  const result = (x: Cell) => (Number(x) > 0 ? { sum: x } : { other: x });
  it.each<[string, (sink: Sink, x: Cell) => unknown]>([
    [
      "waits for",
      async (sink, x) => {
        await sink.write([{ x }]);
        return result(x);
      },
    ],
    [
      "does not wait for",
      (sink, x) => {
        void sink.write([{ x }]);
        return result(x);
      },
    ],
    [
      "writes as text",
      async (sink, x) => {
        await sink.writeRaw(`x\n${x}\n`);
        return result(x);
      },
    ],
    [
      "writes as it comes",
      async (sink, x) => {
        await sink.write(
          (async function* () {
            yield { x };
          })(),
        );
        return result(x);
      },
    ],
  ])("is not written when the answer is an error of the schema: what it %s", async (_, predict) => {
    for (const more of [{}, { output: true }]) {
      const { ask, written, launchpad } = await writing(predict, more);
      expect(await ask(0)).toBe(500);
      expect(written()).toBe("");
      expect(await ask(1)).toBe(200);
      await launchpad.close();
      expect(written()).toBe("x\n1\n");
    }
  });

  it("is written where nobody checks the result, and where it is only warned of", async () => {
    for (const results of ["warn", "off"]) {
      const { ask, written } = await writing(
        async (sink, x) => {
          await sink.write([{ x }]);
          return {};
        },
        { results },
      );
      expect(await ask(3)).toBe(200);
      expect(written()).toBe("x\n3\n");
    }
  });

  it("fails the request that waits for it, and is logged where it does not", async () => {
    const bad = [{ x: 1 }, 5 as never];
    const waiting = await writing(async (sink) => {
      await sink.write([{ x: 1 }]);
      await sink.writeRaw(new ReadableStream({ start: (to) => to.error(new Error("gone")) }));
      return { sum: 1 };
    });
    expect(await waiting.ask(1)).toBe(500);
    const going = await writing((sink) => {
      void sink.write(bad);
      return { sum: 1 };
    });
    expect(await going.ask(1)).toBe(200);
    await going.launchpad.close();
    expect(going.host.records.map(({ message }) => message).join()).toContain("predict went on without what it wrote");
  });
});

const warnings = (lines: readonly string[]) => lines.filter((line) => line.startsWith("warning launchpad.api")).join();

describe("a result that does not fit the file", () => {
  it("is an error of the file, with its line", async () => {
    const { status, body, lines } = await serve(openApi(described("sum")));
    expect([status, body]).toMatchObject([500, { code: "RESULT_INVALID" }]);
    expect(JSON.stringify(body)).not.toContain("api.yaml");
    expect(lines.join()).toContain("./api.yaml line 7, /p: what predict returned does not fit");
  });

  it("is a warning or nothing, if the configuration says so", async () => {
    const warned = await serve(openApi(described("sum")), { results: "warn" });
    expect([warned.status, warned.body]).toEqual([200, { y: 1 }]);
    expect(warnings(warned.lines)).toContain("./api.yaml line 7");
    const off = await serve(openApi(described("sum")), { results: "off" });
    expect([off.status, warnings(off.lines)]).toEqual([200, ""]);
  });

  it("is a warning for RAML 0.8, as ML Launchpad never looked, and an error for 1.0", async () => {
    const raml = (version: string) => {
      const schema = `${version === "0.8" ? "schema" : "type"}: '{"type": "object", "required": ["sum"]}'`;
      const query = "queryParameters: { x: { type: number } }";
      return readRaml(
        `#%RAML ${version}\n---\ntitle: t\nversion: v1\n/p:\n  post:\n    ${query}\n    responses: { 200: { body: { application/json: { ${schema} } } } }\n`,
        { file: "./api.raml" },
      );
    };
    expect((await serve(raml("0.8"))).status).toBe(200);
    expect((await serve(raml("1.0"))).status).toBe(500);
    expect((await serve(raml("0.8"), { results: "check" })).status).toBe(500);
  });

  it("is said after a training and at the start, where the file has an example", async () => {
    const { trained, started } = await serve(openApi(described("sum"), ", example: 2"));
    for (const lines of [trained, started]) {
      expect(warnings(lines)).toMatch(/the example of \.\/api\.yaml line 7, \/p cannot be answered: .*required/);
    }
    expect(warnings((await serve(openApi(described("sum")))).trained)).toBe("");
    expect(warnings((await serve(openApi(described("y"), ", example: 2"))).started)).toBe("");
  });
});

describe("a described status", () => {
  it("is answered, and stands in the document", async () => {
    const { status, body, document } = await serve(openApi('{ "201": { description: made } }'));
    expect([status, body]).toEqual([201, { y: 1 }]);
    expect(Object.keys(document.paths["/p"].post.responses)).toContain("201");
    expect(Object.keys(document.paths["/p"].post.responses)).not.toContain("200");
  });

  it("gives way to 200, and to a body, with a warning", () => {
    const told: string[] = [];
    const log = createLogger((_, __, message) => told.push(message));
    const read = (responses: string) =>
      readOpenApi(`${header}      responses: ${responses}\n`, { file: "api.yaml", log }).resources[0]?.status;
    expect(read('{ "201": { description: a }, "200": { description: b } }')).toBeUndefined();
    expect(read('{ "204": { description: a } }')).toBeUndefined();
    expect(told.join()).toContain("201 is not answered: Launchpad answers 200");
    expect(told.join()).toContain("204 has no body, and a prediction is one: Launchpad answers 200");
  });
});
