import { describe, expect, it } from "vitest";
import { readRaml } from "../../src/api/read/raml.ts";
import { silentLogger } from "../../src/log.ts";
import { createApi } from "../../src/server/handler.ts";
import cases from "./api-cases.json" with { type: "json" };

interface Recorded {
  id: string;
  name: string;
  version: string;
  raml: string;
  requests: {
    method: string;
    path: string;
    form?: Record<string, string>;
    json?: unknown;
    multipart?: Record<string, string | { text: string; filename: string; type: string }>;
    expect: { status: number; json: { args?: Record<string, unknown> } | null };
  }[];
}

// No recorded request shows a bug that Launchpad does not repeat: none has a boolean, or a value below its minimum.

/** An uploaded file as the recorded model echoed it. */
const shown = async (args: Record<string, unknown>) => {
  const entries = Object.entries(args).map(async ([name, value]) => [
    name,
    value instanceof File ? { filename: value.name, mimetype: value.type, text: await value.text() } : value,
  ]);
  return Object.fromEntries(await Promise.all(entries));
};

const bodyOf = ({ form, json, multipart }: Recorded["requests"][number]): BodyInit | undefined => {
  if (form) return new URLSearchParams(form);
  if (json !== undefined) return JSON.stringify(json);
  if (!multipart) return undefined;
  const data = new FormData();
  for (const [name, value] of Object.entries(multipart)) {
    if (typeof value === "string") data.set(name, value);
    else data.set(name, new File([value.text], value.filename, { type: value.type }));
  }
  return data;
};

for (const { id, name, version, raml, requests } of cases as unknown as Recorded[]) {
  const major = `v${version.split(".")[0]}`;
  const read = () => readRaml(raml, { file: `${id}.raml`, version: major });
  describe(`what ML Launchpad 1.1.0 answered: ${id}`, () => {
    const api = createApi({
      definition: read(),
      basePath: `/${name}/${major}`,
      predict: async (args) => ({ args: await shown(args) }),
      ready: async () => {},
      nulls: true,
      log: silentLogger,
    });
    it.each(requests)("$method $path $form $json $multipart", async (request) => {
      const { method, path, json, expect: recorded } = request;
      const response = await api.fetch(
        new Request(`http://localhost${path}`, {
          method,
          body: bodyOf(request) ?? null,
          ...(json !== undefined && { headers: { "content-type": "application/json" } }),
        }),
      );
      expect(response.status).toBe(recorded.status);
      if (recorded.status !== 200) return;
      const { args } = (await response.json()) as { args: Record<string, unknown> };
      expect(args).toEqual(recorded.json?.args ?? {});
    });
  });
}

it("was replayed whole", () => {
  const requests = (cases as unknown as Recorded[]).flatMap((one) => one.requests);
  expect(requests.length).toBeGreaterThan(30);
  // Nothing is recorded in a form that the replay leaves out.
  const sent = new Set(requests.flatMap((request) => Object.keys(request)));
  expect([...sent].sort()).toEqual(["expect", "form", "json", "method", "multipart", "path"]);
});
