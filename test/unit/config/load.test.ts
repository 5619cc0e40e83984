import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../../src/config/load.ts";
import { baseOf, whereIs } from "../../../src/config/source-map.ts";
import { errorOf, hostOf, least, load, problemsOf } from "../../support/files.ts";

describe("a configuration file", () => {
  it("becomes a configuration with defaults filled in and paths as URLs", async () => {
    const config = await load({ "examples/iris/launchpad.yml": least });
    expect(config).toEqual({
      plugins: [],
      dbms: {},
      datasources: {},
      datasinks: {},
      model_store: { location: "file:///project/examples/iris/model_store", refresh: 30 },
      model: {
        name: "iris",
        version: "0.0.1",
        module: "tree_model",
        order_columns_not_used_warning: "always",
      },
    });
  });

  it("is frozen at every depth", async () => {
    const config = await load({ "launchpad.yml": `${least}mine: {list: [{deep: 1}]}\n` });
    const parts = (value: unknown): object[] =>
      typeof value === "object" && value !== null ? [value, ...Object.values(value).flatMap(parts)] : [];
    expect(parts(config).length).toBeGreaterThan(8);
    expect(parts(config).every(Object.isFrozen)).toBe(true);
  });

  it("may have a byte order mark and the line ends of Windows", async () => {
    const texts = { "launchpad.yml": `\uFEFF${least.replaceAll("\n", "\r\n")}` };
    const config = await load(texts);
    expect(config.model.name).toBe("iris");
    expect(whereIs(config, ["model", "name"])).toBe("./launchpad.yml line 3");
  });

  it("is read as YAML 1.2 with merge keys, of which the mapping's own and the earlier ones win", async () => {
    const text = `${least}
a: &a {x: 1, y: 1}
b: &b {y: 2, z: 2}
merged:
  z: 3
  <<: [*a, *b]
quoted: {"<<": text}
answer: yes
octal: 0o17
1: one
`;
    const config = await load({ "launchpad.yml": text });
    expect(config.merged).toEqual({ x: 1, y: 1, z: 3 });
    expect(config.quoted).toEqual({ "<<": "text" });
    expect(config.answer).toBe("yes");
    expect(config.octal).toBe(15);
    expect(config["1"]).toBe("one");
    expect(whereIs(config, ["merged", "x"])).toBe("./launchpad.yml line 5");
  });

  it("that is missing is CONFIG_NOT_FOUND and named, also as the second of two", async () => {
    for (const names of [["nowhere.yml"], ["launchpad.yml", "nowhere.yml"]]) {
      const error = await errorOf(() => load({ "launchpad.yml": least }, ...names));
      expect(error.code).toBe("CONFIG_NOT_FOUND");
      expect(error.message).toContain("./nowhere.yml");
      expect(error.message).toContain("no such file");
    }
  });

  it("is CONFIG_NOT_FOUND where there are no files, or none was named", async () => {
    const { files, log } = hostOf({});
    expect((await errorOf(() => loadConfig([new URL("file:///a.yml")], { log }))).code).toBe("CONFIG_NOT_FOUND");
    expect((await errorOf(() => loadConfig([], { files, log }))).code).toBe("CONFIG_NOT_FOUND");
  });

  it.each([
    ["", "./launchpad.yml line 1: found nothing, expected a mapping"],
    ["# only a comment\n", "found nothing, expected a mapping"],
    ["- a\n- b\n", "./launchpad.yml line 1: found a list, expected a mapping"],
    ["text", './launchpad.yml line 1: found "text", expected a mapping'],
  ])("that is %j says what it is instead of a mapping", async (text, message) => {
    expect((await problemsOf(text))[0]).toContain(message);
  });

  it("that is not UTF-8 says so", async () => {
    const error = await errorOf(() => load({ "launchpad.yml": Uint8Array.from([0xff, 0xfe, 0x61, 0x00]) }));
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toMatch(/^\.\/launchpad\.yml line 1: .*not UTF-8/);
  });

  it("with wrong syntax says the line, the column and what the parser says", async () => {
    const [problem] = await problemsOf(`${least}list: [1, 2\nnext: 3\n`);
    expect(problem).toMatch(/^\.\/launchpad\.yml line 5: column 1: Flow sequence/);
  });

  it("with a key twice says where both are", async () => {
    const problems = await problemsOf(`${least}mine:\n  x: 1\n  y: 2\n  x: 3\n`);
    expect(problems).toEqual([expect.stringMatching(/^\.\/launchpad\.yml line 7: mine\.x: .*line 5/)]);
  });

  it("with two documents is refused", async () => {
    expect((await problemsOf(`${least}---\nx: 1\n`))[0]).toContain("multiple documents");
  });

  it.each(["!foo 1", "!!binary aGk=", "!foo {a: 1}", "!!int abc", "!include [a.yml]"])(
    "with %s is refused",
    async (tagged) => {
      const problems = await problemsOf(`${least}x: ${tagged}\n`);
      expect(problems).toEqual([expect.stringContaining("./launchpad.yml line 4: column 4: found")]);
    },
  );

  it.each([
    ["x: *nothing", "found the alias *nothing without a value"],
    ["x: &x [*x]", "found the alias *x inside its own value"],
    ["x: {<<: 5}", "expected a mapping or a list of mappings"],
    ["? [a]\n: 1", "keys"],
  ])("with %j is refused", async (text, message) => {
    expect((await problemsOf(`${least}${text}\n`)).join("\n")).toMatch(
      new RegExp(`line 4: .*${message.replace("*", "\\*")}`),
    );
  });
});

describe("hostile YAML", () => {
  const levels = (count: number, last: (name: string) => string) =>
    Array.from(
      { length: count },
      (_, n) =>
        `a${n + 1}: &a${n + 1} [${Array(10)
          .fill(last(`a${n}`))
          .join(", ")}]\n`,
    );

  it("cannot blow up through aliases", async () => {
    const problems = await problemsOf(`${least}a0: &a0 x\n${levels(30, (name) => `*${name}`).join("")}`);
    expect(problems).toEqual([expect.stringMatching(/^\.\/launchpad\.yml line \d+: .*more than 100000 values/)]);
  });

  it("cannot blow up through merge keys", async () => {
    const many = `a: &a {${Array.from({ length: 2000 }, (_, n) => `k${n}: 1`).join(", ")}}\n`;
    const text = `${least}${many}${Array.from({ length: 2000 }, (_, n) => `m${n}: {<<: *a}\n`).join("")}`;
    expect((await problemsOf(text))[0]).toContain("more than 100000 values");
  });

  it("cannot blow up through includes, and reads each file once", async () => {
    const texts: Record<string, string> = { "launchpad.yml": `${least}x: !include f0.yml\n` };
    for (let n = 0; n < 12; n += 1)
      texts[`f${n}.yml`] = `[${Array(10)
        .fill(`!include f${n + 1}.yml`)
        .join(", ")}]`;
    texts["f12.yml"] = "leaf";
    const host = hostOf(texts);
    const error = await errorOf(() => loadConfig([new URL("file:///project/launchpad.yml")], host));
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toContain("more than 100000 values");
    expect(host.reads.length).toBe(14);
  });

  it("cannot include without end", async () => {
    const texts: Record<string, string> = { "launchpad.yml": `${least}x: !include f0.yml\n` };
    for (let n = 0; n < 40; n += 1) texts[`f${n}.yml`] = `x: !include f${n + 1}.yml`;
    const error = await errorOf(() => load(texts));
    expect(error.message).toMatch(/more than 20 files inside each other.*\.\/launchpad\.yml -> \.\/f0\.yml -> /);
  });

  it.each([
    ["lists that never end", `x: ${"[".repeat(100_000)}`],
    ["lists", `x: ${"[".repeat(2000)}${"]".repeat(2000)}`],
    ["lists of dashes", `x:\n${"- ".repeat(20_000)}`],
    ["mappings", `x: ${"{a: ".repeat(101)}1${"}".repeat(101)}`],
  ])("cannot be too deep: %s", async (_, text) => {
    expect((await problemsOf(`${least}${text}\n`))[0]).toContain("more than 100 levels");
  });

  it("cannot become too deep through aliases", async () => {
    const text = Array.from({ length: 200 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}]\n`).join("");
    expect((await problemsOf(`${least}a0: &a0 x\n${text}`))[0]).toContain("more than 100 levels");
  });

  it("cannot be too long", async () => {
    expect((await problemsOf(`${least}x: [${"a,".repeat(1_500_000)}]`))[0]).toContain("expected less");
    expect((await problemsOf(`${least}#${"x".repeat(5_000_000)}`))[0]).toContain("bytes, expected at most");
  });

  it("cannot reach a prototype: __proto__ is refused with its line, the others are keys like any other", async () => {
    expect(await problemsOf(`${least}mine:\n  __proto__: {polluted: 1}\n`)).toEqual([
      expect.stringMatching(/^\.\/launchpad\.yml line 5: mine\.__proto__: found the key __proto__/),
    ]);
    const config = await load({
      "launchpad.yml": `${least}datasources:\n  constructor: {type: csv}\nmine: {constructor: {prototype: {polluted: 1}}}\n`,
    });
    expect(config.mine).toEqual({ constructor: { prototype: { polluted: 1 } } });
    expect(config.datasources.constructor).toEqual({ type: "csv", tags: [] });
    expect(config.datasources.toString).toBeUndefined();
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("of any kind gives a configuration or a LaunchpadError, and changes no prototype", async () => {
    const keys = Object.getOwnPropertyNames(Object.prototype).sort();
    const piece = fc.constantFrom(
      ..."__proto__: |constructor: |prototype: |<<: |&a |*a|- |x: |{|}|[|]|, |: |\n|\n  |\"|'|!include |!x |? |# |%|1|".split(
        "|",
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        const text = pieces.join("");
        await load({ "launchpad.yml": `${least}${text}`, x: text }).catch((error) => {
          expect(error).toMatchObject({ name: "LaunchpadError", code: "CONFIG_INVALID" });
        });
        expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(keys);
      }),
      { numRuns: 500 },
    );
  });
});

describe("!include", () => {
  const texts = {
    "launchpad.yml": `${least}datasources: !include parts/data.yml\n`,
    "parts/data.yml": "# data\npetals:\n  type: csv\n  path: ./iris.csv\n  note: !include ../note.yml\n",
    "note.yml": "just text\n",
  };

  it("stands for what is in the file, relative to the including file", async () => {
    const config = await load(texts);
    expect(config.datasources.petals).toEqual({
      type: "csv",
      path: "file:///project/parts/iris.csv",
      note: "just text",
      tags: [],
    });
  });

  it("leaves the place of everything in the file where it is", async () => {
    const config = await load(texts);
    expect(whereIs(config, ["datasources", "petals", "path"])).toBe("./parts/data.yml line 4");
    expect(whereIs(config, ["datasources", "petals", "note"])).toBe("./note.yml line 1");
    expect(baseOf(config, ["datasources", "petals", "path"])?.href).toBe("file:///project/parts/data.yml");
    expect(baseOf(config, ["model", "module"])?.href).toBe("file:///project/launchpad.yml");
  });

  it("finds what is wrong in the file there", async () => {
    const problems = await problemsOf(texts["launchpad.yml"], {
      "parts/data.yml": "\npetals:\n  type: csv\n  tags: [trian]\n",
    });
    expect(problems).toEqual([
      './parts/data.yml line 4: datasources.petals.tags[0]: found "trian", expected train, test or predict. Did you mean train?',
    ]);
  });

  it("may name a file with spaces and other characters of a URL", async () => {
    const config = await load({
      "launchpad.yml": `${least}x: !include "my #1 100%?.yml"\n`,
      "my%20%231%20100%25%3F.yml": "found",
    });
    expect(config.x).toBe("found");
    expect(whereIs(config, ["x"])).toBe("./my #1 100%?.yml line 1");
  });

  it("can be used twice, and in a list, and with <<", async () => {
    const config = await load({
      "launchpad.yml": `${least}a: !include part.yml\nb: [!include part.yml, 2]\nc: {<<: !include part.yml, own: 1}\n`,
      "part.yml": "x: 1\n",
    });
    expect(config).toMatchObject({ a: { x: 1 }, b: [{ x: 1 }, 2], c: { x: 1, own: 1 } });
  });

  it("in a cycle is an error with the chain", async () => {
    const problems = await problemsOf(`${least}x: !include b.yml\n`, { "b.yml": "\ny: !include launchpad.yml\n" });
    expect(problems).toEqual([
      expect.stringMatching(/^\.\/b\.yml line 2: .*\.\/launchpad\.yml -> \.\/b\.yml -> \.\/launchpad\.yml$/),
    ]);
  });

  it("of missing files is one error with the place and the chain of each", async () => {
    const problems = await problemsOf(`${least}x: !include b.yml\nz: !include lost.yml\n`, {
      "b.yml": "y: !include c.yml\n",
    });
    expect(problems).toEqual([
      expect.stringMatching(
        /^\.\/b\.yml line 1: .*c\.yml: no such file \(\.\/launchpad\.yml -> \.\/b\.yml -> \.\/c\.yml\)$/,
      ),
      expect.stringMatching(/^\.\/launchpad\.yml line 5: .*lost\.yml: no such file/),
    ]);
  });

  it("of something that is no file is refused", async () => {
    expect((await problemsOf(`${least}x: !include https://u:pw@example.com/x.yml\n`))[0]).toBe(
      './launchpad.yml line 4: !include found "https://***@example.com/x.yml", expected the path of a file',
    );
    expect((await problemsOf(`${least}x: !include\n`))[0]).toContain('found "", expected the path of a file');
  });

  it("with wrong syntax in two files shows both", async () => {
    const problems = await problemsOf(`${least}x: !include b.yml\ny: !include c.yml\n`, { "b.yml": "[", "c.yml": "{" });
    expect(problems.some((line) => line.startsWith("./b.yml line 1: "))).toBe(true);
    expect(problems.some((line) => line.startsWith("./c.yml line 1: "))).toBe(true);
  });
});

describe("several files", () => {
  const base = `${least}
datasources:
  petals: {type: csv, path: ./iris.csv, tags: [train]}
mine: {a: {b: 1, c: 2}, list: [1, 2]}
`;

  it("merge key by key; of anything else the last wins, null included", async () => {
    const over = "model_store: {location: 's3://models'}\nmine: {a: {b: 3}, list: [4], new: null}\napi: {name: iris}\n";
    const config = await load({ "model.yml": base, "conf/production.yml": over }, "model.yml", "conf/production.yml");
    expect(config.model_store.location).toBe("s3://models");
    expect(config.mine).toEqual({ a: { b: 3, c: 2 }, list: [4], new: null });
    expect(config.api?.name).toBe("iris");
    const without = await load({ "a.yml": `${base}api: {name: iris}\n`, "b.yml": "api:\n" }, "a.yml", "b.yml");
    expect(without.api).toBeUndefined();
  });

  it("keep each value's own place and folder", async () => {
    const over = "datasources:\n  petals:\n    path: ./other.csv\n";
    const config = await load({ "model.yml": base, "conf/production.yml": over }, "model.yml", "conf/production.yml");
    expect(config.datasources.petals?.path).toBe("file:///project/conf/other.csv");
    expect(whereIs(config, ["datasources", "petals", "path"])).toBe("./conf/production.yml line 3");
    expect(whereIs(config, ["datasources", "petals", "tags"])).toBe("./model.yml line 6");
  });

  it("let x_var replace x and x replace x_var, where the one is another way to give the other", async () => {
    const first = "dbms: {my: {type: sql, password: dev, user_var: ME, port: 1}}\nmine: {noise: 1}\n";
    const second =
      "dbms: {my: {password_var: DB_PW, user: you}}\nmodel_store: {location_var: STORE}\nmine: {noise_var: 2}\n";
    const config = await load({ "a.yml": least + first, "b.yml": second }, "a.yml", "b.yml");
    expect(config.dbms.my).toEqual({ type: "sql", password_var: "DB_PW", user: "you", port: 1 });
    expect(config.model_store).toEqual({ location_var: "STORE" });
    expect(config.mine).toEqual({ noise: 1, noise_var: 2 });
  });

  it("keep a data source beside another whose name ends in _var", async () => {
    const texts = {
      "a.yml": `${least}datasources: {target: {type: csv}}\n`,
      "b.yml": "datasources: {target_var: {type: csv}}\n",
    };
    expect(Object.keys((await load(texts, "a.yml", "b.yml")).datasources)).toEqual(["target", "target_var"]);
  });

  it("are each a mapping", async () => {
    const error = await errorOf(() =>
      load({ "a.yml": least, "b.yml": "- 1", "c.yml": least }, "a.yml", "b.yml", "c.yml"),
    );
    expect(error.message).toMatch(/^\.\/b\.yml line 1: found a list, expected a mapping/);
  });

  it("show their problems sorted by file and line", async () => {
    const error = await errorOf(() =>
      load(
        { "b.yml": "model: {name: 1}\n\n\nmodel_store: {location: 5}\n", "a.yml": "\nmodel: {version: 2}\n" },
        "b.yml",
        "a.yml",
      ),
    );
    expect(error.message.split("\n").map((line) => line.slice(0, line.indexOf(": ")))).toEqual([
      "./a.yml line 2",
      "./b.yml line 1",
      "./b.yml line 1",
      "./b.yml line 4",
    ]);
  });
});
