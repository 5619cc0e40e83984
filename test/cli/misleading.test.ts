import { rm } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { openLaunchpad } from "../../runtimes/node.ts";
import { createProject } from "../build/project.ts";

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const model =
  'import { defineModel } from "mllaunchpad";\nexport default defineModel({ train: async ({ source, sink, config }) => { if (config.read) await source("d").frame(config.params); return { x: 1 }; }, test: () => ({}), predict: () => ({ ok: true }) });';
const config = (data = "", more = "", module = "m") => `${data}
model_store: { location: ./store }
model: { name: LameModel, version: "0.0.1", module: ${module}${more} }
api: { name: m }
`;
const source = (entry: string, dbms = "") => `${dbms && `dbms: { x: { ${dbms} } }\n`}datasources: { d: { ${entry} } }`;
const sink = (entry: string, dbms = "") => `${dbms && `dbms: { x: { ${dbms} } }\n`}datasinks: { o: { ${entry} } }`;
const read = ", read: true";

/** Message that misled, how it comes about, and what must be said; "" where it works by now. */
const rows: readonly (readonly [
  string,
  Readonly<Record<string, string>>,
  readonly string[],
  RegExp | "works",
  RegExp?,
])[] = [
  [
    "a model in Python is there, whose file is broken",
    { "launchpad.yml": config("", "", "addition_model"), "addition_model.py": "import no_such_package_at_all\n" },
    ["train"],
    /no_such_package_at_all/,
    /Correct the name/,
  ],
  ["a dotted name is a path", { "launchpad.yml": config("", "", "app.m"), "app/m.ts": model }, ["train"], "works"],
  [
    "gen is generate-raml",
    { "launchpad.yml": config(source("type: csv, path: d.csv")), "d.csv": "a\n1\n" },
    ["gen", "d"],
    "works",
  ],
  [
    "Impala by ODBC is no SQL Server",
    {
      "launchpad.yml": config(
        source(
          "type: dbms.x, query: select 1",
          'type: sql, connection_string: "mssql+pyodbc:///default?odbc_connect=DRIVER%3DImpala"',
        ),
        read,
      ),
    },
    ["train"],
    /ODBC/,
    /tedious|cannot be reached/,
  ],
  [
    "a Windows login is refused",
    {
      "launchpad.yml": config(
        source(
          "type: dbms.x, query: select 1",
          'type: sql, url: "mssql+pyodbc://127.0.0.1:1/db?trusted_connection=yes"',
        ),
        read,
      ),
    },
    ["train"],
    /trusted_connection|ODBC|Windows/i,
  ],
  [
    "Oracle has host and service_name",
    {
      "launchpad.yml": config(
        source(
          "type: dbms.x, query: select 1 from dual",
          "type: oracle, host: 127.0.0.1, port: 1, service_name: s, user: u, password: p",
        ),
        read,
      ),
    },
    ["train"],
    /oracledb|127\.0\.0\.1/,
    /no data source type|has no url/,
  ],
  [
    "Redshift is PostgreSQL",
    {
      "launchpad.yml": config(
        source("type: dbms.x, query: select 1", 'type: sql, url: "redshift+psycopg2://u:p@127.0.0.1:1/db"'),
        read,
      ),
    },
    ["train"],
    /127\.0\.0\.1/,
    /served are/,
  ],
  [
    "index: false is what happens anyway",
    { "launchpad.yml": config(sink("type: csv, path: o.csv, options: { index: false }")) },
    ["train"],
    "works",
  ],
  [
    "schema is an option of tables",
    {
      "launchpad.yml": config(
        sink("type: dbms.x, table: t, options: { schema: main, index: false }", 'type: sql, url: "sqlite:///x.db"'),
      ),
    },
    ["train"],
    "works",
  ],
  [
    "parse_dates is known",
    {
      "launchpad.yml": config(source("type: csv, path: d.csv, options: { parse_dates: [a] }"), read),
      "d.csv": "a\n2020-01-01\n",
    },
    ["train"],
    "works",
  ],
  [
    "nullable integers have missing values",
    {
      "launchpad.yml": config(source("type: csv, path: d.csv, options: { dtype: { a: Int64 } }"), read),
      "d.csv": "a,b\n1,1\n,2\n",
    },
    ["train"],
    "works",
  ],
  [
    "a zip is no text",
    { "launchpad.yml": config(source("type: csv, path: d.csv.zip"), read), "d.csv.zip": "PK\u0003\u0004 broken" },
    ["train"],
    /d\.csv\.zip.*(zip|decompress|compress)/i,
    /Save the file as UTF-8/,
  ],
  [
    "parameters that are null",
    {
      "launchpad.yml": config(
        source("type: dbms.x, query: select 1 as a", 'type: sql, url: "sqlite:///:memory:"'),
        `${read}, params: null`,
      ),
    },
    ["train"],
    /expected parameters as an object such as \{ id: 1 \}, found null/,
    /Cannot convert/,
  ],
  [
    "files of ML Launchpad lie there",
    {
      "launchpad.yml": config(),
      "store/LameModel_0.0.1.pkl": "x",
      "store/LameModel_0.0.1.json": "{}",
      "store/previous/LameModel_0.0.0.pkl": "x",
    },
    ["predict", "args.json"],
    /no trained model LameModel 0\.0\.1 in \.\/store.*Models of ML Launchpad 1\.x lie there \(LameModel_0\.0\.1\.pkl, previous\/LameModel_0\.0\.0\.pkl\).*launchpad migrate/,
  ],
  [
    "a handler of a log",
    { "launchpad.yml": config(), "LAUNCHPAD_LOG.yml": 'handlers: { h: { "()": x.y } }' },
    ["train"],
    /handlers\.h\.class: found a factory, "\(\)".*Expected one of logging\.StreamHandler/,
    /Invalid type/,
  ],
  [
    "a share of Windows on Linux",
    { "launchpad.yml": config().replace("./store", "'\\\\server\\share'") },
    ["train"],
    /server.*share/,
    /defect of Launchpad|ERR_INVALID_FILE_URL/,
  ],
];

describe("messages that misled", () => {
  for (const [what, files, args, said, unsaid] of rows) {
    it(`say what is so: ${what}`, async () => {
      const project = await createProject(
        { "m.ts": model, "args.json": "{}", "package.json": '{"type":"module"}', ...files },
        ["@libsql", "libsql"],
      );
      folders.push(project.folder);
      const { code, stderr } = await project.launchpad(...args);
      if (said === "works") expect(code, stderr).toBe(0);
      else {
        expect(code, stderr).not.toBe(0);
        expect(stderr).toMatch(said);
      }
      expect(stderr).not.toMatch(/defect of Launchpad/);
      if (unsaid) expect(stderr).not.toMatch(unsaid);
    });
  }

  it("say what is so: launchpad models, where files of ML Launchpad lie", async () => {
    const project = await createProject({ "m.ts": model, "launchpad.yml": config(), "store/my_model_0.0.1.pkl": "x" });
    folders.push(project.folder);
    const { code, stdout, stderr } = await project.launchpad("models");
    expect([code, JSON.parse(stdout)]).toEqual([0, {}]);
    expect(stderr).toMatch(
      /WARNING launchpad\.store: Models of ML Launchpad 1\.x lie there \(my_model_0\.0\.1\.pkl\).*launchpad migrate/,
    );
    await project.launchpad("train");
    expect(JSON.parse((await project.launchpad("models")).stdout)).toHaveProperty("LameModel");
  });

  it("say what is so: openLaunchpad takes a file, createLaunchpad an object", async () => {
    const options = { config: {} } as unknown as Parameters<typeof openLaunchpad>[0];
    await expect(openLaunchpad(options)).rejects.toThrow(/createLaunchpad/);
  });

  it("say what is so: a codec of another version is told, and the training goes on", async () => {
    const codec = (version: string) =>
      `import { defineModel } from "mllaunchpad";
export default defineModel({ train: ({ previous }) => ({ had: previous !== undefined }), test: () => ({}), predict: (m) => m,
  codec: { encode: (m) => new TextEncoder().encode("${version}" + JSON.stringify(m)), decode: (b) => { const t = new TextDecoder().decode(b); if (!t.startsWith("${version}")) throw new Error("not ${version}"); return JSON.parse(t.slice(2)); } } });`;
    const project = await createProject({ "m.ts": codec("v1"), "launchpad.yml": config() });
    folders.push(project.folder);
    expect(await project.launchpad("train")).toMatchObject({ code: 0 });
    await project.write({ "m.ts": codec("v2") });
    const { code, stderr } = await project.launchpad("train");
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/WARNING .*not v2/);
  });
});
