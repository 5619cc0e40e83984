import { describe, expect, it } from "vitest";
import { defineConfig } from "../../../src/config/define.ts";
import { filledSection, fillVariables } from "../../../src/config/variables.ts";
import { errorOf, least, leastValue, load, problemsOf } from "../../support/files.ts";

const variables: Record<string, string> = { DB_PW: "hunter2", EMPTY: "", FILE: "./x #1.csv", STORE: "./elsewhere" };
const env = (name: string) => variables[name];
const where = "./launchpad.yml line 12";

describe("a key ending in _var", () => {
  it("becomes the key without it, with the value of the variable, at any depth", () => {
    const section = { type: "sql", password_var: "DB_PW", options: { list: [{ token_var: "EMPTY" }], kept: null } };
    expect(fillVariables(section, { env, where })).toEqual({
      type: "sql",
      password: "hunter2",
      options: { list: [{ token: "" }], kept: null },
    });
    expect(section.password_var).toBe("DB_PW");
  });

  it("is an ordinary key if it is nothing but _var", () => {
    expect(fillVariables({ _var: 5 }, { env, where })).toEqual({ _var: 5 });
  });

  it("whose variable is not set is VARIABLE_NOT_SET, naming every variable, its key and where", async () => {
    const error = await errorOf(() =>
      fillVariables({ user_var: "DB_USER", options: { token_var: "TOKEN" }, password_var: "DB_PW" }, { env, where }),
    );
    expect(error.code).toBe("VARIABLE_NOT_SET");
    expect(error.message.split("\n")).toEqual([
      `${where}: user_var: the environment variable DB_USER is not set, expected it to hold user. Set it, or write user in the configuration`,
      `${where}: options.token_var: the environment variable TOKEN is not set, expected it to hold token. Set it, or write token in the configuration`,
    ]);
  });

  it.each([
    [
      { password: "x", password_var: "DB_PW" },
      "password_var: found password as well, expected either password or password_var",
    ],
    [{ password_var: 5 }, "password_var: found ***, expected the name of an environment variable"],
    [{ user_var: ["DB_PW"] }, "user_var: found a list, expected the name of an environment variable"],
    [{ user_var: "" }, 'user_var: found "", expected the name of an environment variable'],
    [{ user_var: null }, "user_var: found nothing, expected the name of an environment variable"],
  ])("that is wrong is CONFIG_INVALID: %#", async (section, message) => {
    const error = await errorOf(() => fillVariables(section, { env, where }));
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toContain(`${where}: ${message}`);
  });

  it("that is wrong is found when the file is loaded, with everything else", async () => {
    const text = `model_store: {location: ./x, key: 1, key_var: KEY}
model: {name: iris, version: "1", module: 5}
dbms:
  my: {type: sql, deep: [{password_var: 5}]}
datasources:
  a: {type: csv, path: x, path_var: X}
  b_var: {type_var: X}
datasinks:
  a: {type: csv, tags_var: X}
`;
    expect((await problemsOf(text)).map((line) => line.split(": ").slice(0, 2).join(": "))).toEqual([
      "./launchpad.yml line 1: model_store.key_var",
      "./launchpad.yml line 2: model.module",
      "./launchpad.yml line 4: dbms.my.deep[0].password_var",
      "./launchpad.yml line 6: datasources.a.path_var",
      "./launchpad.yml line 7: datasources.b_var.type_var",
      "./launchpad.yml line 9: datasinks.a.tags_var",
    ]);
  });

  it("is the user's own below model and api and at the top level", () => {
    const own = { noise: 1, noise_var: 2 };
    const config = defineConfig({ ...leastValue, model: { ...leastValue.model, ...own }, mine: own, top_var: 1 });
    expect(config).toMatchObject({ model: own, mine: own, top_var: 1 });
  });

  it("stays as it is in the configuration, which holds no secrets", async () => {
    const config = await load({ "launchpad.yml": `${least}dbms: {my: {type: sql, password_var: DB_PW}}\n` });
    expect(config.dbms.my).toEqual({ type: "sql", password_var: "DB_PW" });
  });
});

describe("a section of a configuration", () => {
  const texts = {
    "launchpad.yml": `model_store: {location_var: STORE}
model: {name: iris, version: "1", module: m}
datasources: !include parts/data.yml
`,
    "parts/data.yml": "petals:\n  type: csv\n  path_var: FILE\n  note_var: FILE\n  lost_var: LOST\n",
  };

  it("is filled in, with paths relative to the file that names the variable", async () => {
    const config = await load(texts);
    expect(filledSection(config, ["model_store"], env)).toEqual({ location: "file:///project/elsewhere" });
    const all = (name: string) => env(name) ?? "found";
    expect(filledSection(config, ["datasources", "petals"], all)).toEqual({
      type: "csv",
      tags: [],
      path: "file:///project/parts/x%20%231.csv",
      note: "./x #1.csv",
      lost: "found",
    });
  });

  it("says where it stands when a variable is not set", async () => {
    const config = await load(texts);
    const error = await errorOf(() => filledSection(config, ["datasources", "petals"], env));
    expect(error.code).toBe("VARIABLE_NOT_SET");
    expect(error.message).toMatch(/^\.\/parts\/data\.yml line 1: lost_var: the environment variable LOST is not set/);
  });

  it("keeps paths as they are in a configuration without a base", () => {
    const config = defineConfig({ ...leastValue, model_store: { location_var: "STORE" } });
    expect(filledSection(config, ["model_store"], env)).toEqual({ location: "./elsewhere" });
  });
});
