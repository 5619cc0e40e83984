import oracledb from "oracledb";
import * as tedious from "tedious";
import { describe, expect, it } from "vitest";
import { loadClient } from "../../../../src/data/access/load-client.ts";
import { addressOf, secretsOf, serverAddress } from "../../../../src/data/sql/address.ts";
import { openDatabase } from "../../../../src/data/sql/database.ts";
import * as mssql from "../../../../src/data/sql/dialects/mssql.ts";
import * as oracle from "../../../../src/data/sql/dialects/oracle.ts";
import { columnOf } from "../../../../src/data/sql/dialects/oracle-values.ts";
import { dialectOf } from "../../../../src/data/sql/dialects.ts";
import { insertStatement } from "../../../../src/data/sql/insert.ts";
import { readSqlOptions } from "../../../../src/data/sql/options/database-options.ts";
import { tableOf } from "../../../../src/data/sql/table.ts";
import { prefersTls } from "../../../../src/data/sql/tls.ts";
import { opening } from "../../../databases/open.ts";
import { freePort } from "../../../databases/servers.ts";
import { testHost } from "../../../support/host.ts";

const contextOf = (dbms: object) => ({
  name: "orders",
  entry: { type: "dbms.shop" },
  dbms: { ...dbms },
  where: "launchpad.yml line 9",
  host: testHost(),
});
const read = (dbms: object) => {
  const context = contextOf(dbms);
  return { address: serverAddress(addressOf(context), context), options: readSqlOptions(context) };
};
const failing = async (action: Promise<unknown>) => {
  const error = await action.then(
    () => undefined,
    (thrown) => thrown,
  );
  return `${error?.code} ${error?.message}`;
};

describe("encryption that nobody has decided about", () => {
  it.each([
    [{ url: "postgresql://me:pw@db.example.com/shop" }, true],
    [{ url: "mysql://me:pw@db/shop" }, true],
    [{ url: "oracle://me:pw@10.0.0.1/shop" }, true],
    [{ url: "postgresql://me:pw@[2001:db8::1]/shop" }, true],
    [{ url: "postgresql://me:pw@localhost/shop" }, false],
    [{ url: "postgresql://me:pw@[::1]/shop" }, false],
    [{ url: "postgresql://me:pw@x/shop", host: "/run/postgresql" }, false],
    [{ url: "postgresql://me:pw@db/shop?sslmode=disable" }, false],
    [{ url: "mysql://me:pw@db/shop?ssl=true" }, false],
    [{ url: "mysql://me:pw@db/shop", options: { tls: false } }, false],
  ])("is tried with servers elsewhere: %j", (dbms, tried) => {
    const { address, options } = read(dbms);
    expect(prefersTls(address, options)).toBe(tried);
  });

  it("is warned of, once for what is opened", async () => {
    const warned = async (dbms: object) => {
      const context = contextOf({ type: "sql", ...dbms });
      const { pool } = await openDatabase(context);
      await pool.close();
      return context.host.records.filter(({ level }) => level === "warning").map(({ message }) => message);
    };
    expect(await warned({ url: "postgresql://me:pw@db.example.com/shop" })).toEqual([
      expect.stringMatching(/postgresql:\/\/db\.example\.com\/shop: its connection may not be encrypted.*options\.tls/),
    ]);
    expect(await warned({ url: "postgresql://me:pw@127.0.0.1/shop" })).toEqual([]);
    expect(await warned({ url: "mssql://me:pw@db.example.com/shop" })).toEqual([]);
  });

  it("reads the certificates that a URL names, and refuses those of clients", async () => {
    const dbms = (parameters: string) => contextOf({ url: `postgresql://me:pw@db/shop?${parameters}` });
    const missing = await failing(openDatabase(dbms("sslmode=verify-full&sslrootcert=/nowhere/ca.pem")));
    expect(missing).toMatch(/^DATA_UNAVAILABLE .*\/nowhere\/ca\.pem/);
    const client = await failing(openDatabase(dbms("sslcert=/x/client.pem")));
    expect(client).toContain(
      "CONFIG_INVALID launchpad.yml line 9: its dbms entry has a url with sslcert, expected none",
    );
  });
});

describe("what ML Launchpad's users write below options", () => {
  it("is part of the address, where the entry does not say it", () => {
    const options = { username: "me", passwd: "secret", port: 5433, dbname: "shop", timeout: 3 };
    const found = read({ url: "postgresql://db", options });
    expect(found.address).toMatchObject({ user: "me", password: "secret", port: 5433, database: "shop" });
    expect(found.options.connect_timeout).toBe(3);
    expect(secretsOf(found.address)).toContain("secret");
    expect(read({ url: "postgresql://a@db", user: "b", options: { user: "c" } }).address.user).toBe("b");
  });

  it.each([
    ["impala://h:21050/default", "Write a plugin"],
    ["snowflake://x/y", "Write a plugin"],
    ["duckdb:///x.db", "export Parquet"],
    ["cockroachdb://h/x", "write postgresql://"],
  ])("says what to do about %s", async (url, advice) => {
    const error = await failing(openDatabase(contextOf({ url })));
    expect(error).toMatch(/^CONFIG_INVALID .*served are sqlite:/);
    expect(error).toContain(advice);
  });
});

describe("names in Oracle", () => {
  it("have no quotation marks: they are refused, not left out", () => {
    expect(oracle.dialect.quote("a b")).toBe('"a b"');
    expect(() => oracle.dialect.quote('a"b')).toThrow("a name without quotation marks expected");
    expect(() => tableOf("launchpad.yml line 9", 'shop.a"b', oracle.dialect.quote)).toThrow("without quotation marks");
  });
});

describe("addresses of servers", () => {
  it.each<[object, object]>([
    [
      { url: "postgresql://me:a%2Fb%23@db.example.com:5433/shop?sslmode=require" },
      { scheme: "postgresql:", host: "db.example.com", port: 5433, user: "me", password: "a/b#", database: "shop" },
    ],
    [
      { url: "mysql://localhost" },
      { scheme: "mysql:", host: "localhost", port: undefined, user: undefined, database: undefined },
    ],
    [{ url: "mssql://[::1]:1433/shop" }, { host: "::1", port: 1433, database: "shop" }],
    [
      { connection_string: "postgresql+psycopg2://me:pw@db/shop" },
      { scheme: "postgresql:", user: "me", sqlAlchemy: true },
    ],
    [{ connection_string: "mysql+pymysql://db/shop" }, { scheme: "mysql:" }],
    [
      { connection_string: "mssql+pyodbc://me:pw@db/shop?driver=ODBC+Driver+17" },
      { scheme: "mssql:", host: "db", database: "shop" },
    ],
    [{ connection_string: "oracle+cx_oracle://me:pw@db:1521/xe" }, { scheme: "oracle:", database: "xe" }],
    [
      { url: "postgresql://other:no@nowhere/x", host: "db", port: 1, user: "me", password: "p@ss", database: "shop" },
      { host: "db", port: 1, user: "me", password: "p@ss", database: "shop", shown: "postgresql://db:1/shop" },
    ],
  ])("%j", (dbms, expected) => {
    expect(read(dbms).address).toMatchObject(expected);
  });

  it("are understood as ML Launchpad's users write them", () => {
    expect(read({ url: "redshift+psycopg2://me:pw@cluster:5439/dev" }).address).toMatchObject({
      scheme: "postgresql:",
      port: 5439,
    });
    expect(read({ url: "mssql+pyodbc://me:pw@host:1433/db?driver=ODBC+Driver+17" }).address).toMatchObject({
      host: "host",
      database: "db",
    });
    const dbms = { type: "oracle", host: "db", port: 1522, service_name: "shop", user: "me", password: "pw" };
    const { address, options } = read(dbms);
    expect(JSON.stringify(oracle.settingsOf(address, options))).toContain(
      "(HOST=db)(PORT=1522))(CONNECT_DATA=(SERVICE_NAME=shop))",
    );
    expect(address).toMatchObject({ user: "me", password: "pw" });
  });

  it("are shown without user and password, which are known as secrets", () => {
    const { address } = read({ url: "postgresql://me:a%2Fb@db/shop" });
    expect(address.shown).toBe("postgresql://db/shop");
    expect(secretsOf(address)).toEqual(["a/b", "a%2Fb"]);
  });

  it.each([
    [{ url: "postgresql://me:hunter2/x@db/shop" }, /^launchpad.yml line 9: its dbms entry has a url that is none.*%2F/],
    [{ url: "postgresql:shop" }, /a url that is none/],
    [
      { url: "postgresql://a/b", connection_string: "mysql://a/b" },
      /has a url and a connection_string, expected one of them/,
    ],
    [{ url: "mssql+pyodbc:///?odbc_connect=DRIVER%3DImpala" }, /a url for ODBC .* ODBC is not served/],
    [{ url: "mssql+pyodbc:///default?driver=Impala" }, /ODBC is not served/],
    [{ connection_string: "mssql+pyodbc://my_dsn" }, /ODBC is not served/],
    [{ url: "mssql+pyodbc://host/db?driver=x&trusted_connection=yes" }, /a login of Windows/],
    [{ type: "oracle", host: "db" }, /of type oracle has no url, expected "host" and "service_name"/],
    [{ url: "postgresql://db", port: "many" }, /port: a number expected, found many/],
    [{ url: "postgresql://db", host: 5 }, /host: text expected, found number/],
  ])("%j is none", (dbms, expected) => {
    expect(() => read(dbms)).toThrowError(expected);
    expect(() => read(dbms)).not.toThrowError(/hunter2/);
  });
});

describe("dialects", () => {
  it("may come from the host", async () => {
    const own = { name: "D1" };
    const host = { ...testHost(), dialects: { "d1:": async () => own, "libsql:": async () => own } };
    expect(await dialectOf("d1:", host, "")).toBe(own);
    expect(await dialectOf("libsql:", host, "")).toBe(own);
    await expect(dialectOf("d1:", testHost(), "x")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });

  it("quote the names of tables and schemas", () => {
    const { quote } = mssql.dialect;
    expect(tableOf("", "a]b.t", quote)).toMatchObject({ name: "[a]]b].[t]", bare: "[t]" });
    expect(tableOf("", "t", oracle.dialect.quote)).toMatchObject({ name: '"t"' });
  });
});

describe("SQL Server, as far as its client goes", () => {
  it("gets settings that its client takes", () => {
    const { address, options } = read({
      url: "mssql://me:pw@db:1444/shop",
      options: { connect_timeout: 3, tls: "unverified" },
    });
    const settings = mssql.settingsOf(address, options);
    expect(settings).toMatchObject({
      server: "db",
      authentication: { options: { userName: "me", password: "pw" } },
      options: {
        port: 1444,
        database: "shop",
        connectTimeout: 3000,
        encrypt: true,
        trustServerCertificate: true,
        useUTC: true,
      },
    });
    const connection = new tedious.Connection(settings);
    connection.close();
  });

  it("gets parameters bound, each of a type that holds it", () => {
    const values = ["it's", 5, 2n ** 62n, 0.5, true, null, new Date(0)];
    const request = mssql.requestOf(tedious, "select @p1, @p2, @p3, @p4, @p5, @p6, @p7", values, () => {});
    expect(request.sqlTextOrProcedure).toBe("select @p1, @p2, @p3, @p4, @p5, @p6, @p7");
    expect(request.parameters.map(({ name, type, value }) => [name, type.name, value])).toEqual([
      ["p1", "NVarChar", "it's"],
      ["p2", "BigInt", 5],
      ["p3", "BigInt", 2n ** 62n],
      ["p4", "Float", 0.5],
      ["p5", "Bit", true],
      ["p6", "NVarChar", null],
      ["p7", "DateTime2", new Date(0)],
    ]);
    // The client checks the values against the types before it sends them.
    expect(() => request.validateParameters(undefined, {} as never)).not.toThrow();
  });

  it("gets inserts of several rows, and an exchange of tables", () => {
    const columns = [
      { name: "a", dtype: "int64" },
      { name: "b]", dtype: "str" },
    ] as const;
    expect(insertStatement(mssql.dialect, "[t]", columns, 2)).toBe(
      "insert into [t] ([a],[b]]]) values (@p1,@p2),(@p3,@p4)",
    );
    expect(
      mssql.dialect.swap({ made: "[s].[new]", table: "[s].[t]]'s]", bareTable: "[t]]'s]", trash: "", exists: true }),
    ).toEqual(["drop table [s].[t]]'s]", "exec sp_rename N'[s].[new]', N't]''s'"]);
  });

  it("is said to be away, or to have refused", async () => {
    const port = await freePort();
    const open = opening(`mssql://sa:hunter2@127.0.0.1:${port}/shop`);
    const before = performance.now();
    const message = await failing((await open.source("select :a as a")).frame({ a: 1 }));
    expect(message).toMatch(
      /^DATA_UNAVAILABLE \[dbms\.shop\] orders: mssql:\/\/127\.0\.0\.1:\d+\/shop: the server cannot be reached/,
    );
    expect(message).not.toContain("hunter2");
    expect(performance.now() - before).toBeLessThan(10_000);
    await open.close();
    expect(mssql.dialect.problemOf(Object.assign(new Error(), { code: "ELOGIN" }))).toBe("login");
    expect(mssql.dialect.problemOf(Object.assign(new Error(), { code: "EREQUEST", number: 208 }))).toBe("no-table");
    expect(mssql.dialect.problemOf(Object.assign(new Error(), { code: "EREQUEST", number: 207 }))).toBe("query");
  });
});

describe("Oracle, as far as its client goes", () => {
  it("gets a service, or the SID of a URL for SQLAlchemy", () => {
    const connectString = (url: string, more = {}) => {
      const { address, options } = read({ url, ...more });
      return oracle.settingsOf(address, options);
    };
    expect(connectString("oracle://me:pw@db:1522/shop")).toEqual({
      user: "me",
      password: "pw",
      connectString:
        "(DESCRIPTION=(TRANSPORT_CONNECT_TIMEOUT=10)(CONNECT_TIMEOUT=10)(RETRY_COUNT=0)" +
        "(ADDRESS=(PROTOCOL=TCP)(HOST=db)(PORT=1522))(CONNECT_DATA=(SERVICE_NAME=shop)))",
    });
    expect(JSON.stringify(connectString("oracle+cx_oracle://db/xe"))).toContain("(PORT=1521))(CONNECT_DATA=(SID=xe))");
    expect(JSON.stringify(connectString("oracle+oracledb://db/?service_name=shop"))).toContain("(SERVICE_NAME=shop)");
    expect(JSON.stringify(connectString("oracle://db/shop", { options: { tls: true } }))).toContain("(PROTOCOL=TCPS)");
  });

  it("gets values by the names of its placeholders", () => {
    expect(oracle.bindsOf(["a", true, null, 5])).toEqual({ p1: "a", p2: 1, p3: null, p4: 5 });
    expect(oracle.dialect.placeholder(2)).toBe(":p2");
  });

  it.each([
    [
      { name: "A", dbTypeName: "NUMBER", precision: 9, scale: 0 },
      { name: "A", kind: "integer" },
    ],
    [
      { name: "A", dbTypeName: "NUMBER", precision: 9, scale: 2 },
      { name: "A", kind: "decimal", computed: false },
    ],
    [
      { name: "A", dbTypeName: "NUMBER", precision: 0, scale: -127 },
      { name: "A", kind: "decimal", computed: true },
    ],
    [
      { name: "A", dbTypeName: "DATE" },
      { name: "A", kind: "datetime" },
    ],
    [
      { name: "A", dbTypeName: "CLOB" },
      { name: "A", kind: "text" },
    ],
  ] as const)("%j is a column of its kind", (column, expected) => {
    expect(columnOf(column)).toEqual(expected);
  });

  it("has the types that its client has", () => {
    const types = Object.values(oracledb as object).flatMap((value) =>
      typeof value?.columnTypeName === "string" ? [value.columnTypeName] : [],
    );
    for (const name of [
      "NUMBER",
      "BINARY_DOUBLE",
      "DATE",
      "TIMESTAMP",
      "TIMESTAMP WITH TIME ZONE",
      "RAW",
      "BLOB",
      "CLOB",
    ]) {
      expect(types).toContain(name);
    }
  });

  it("is said to be away", async () => {
    const open = opening(`oracle://me:hunter2@127.0.0.1:${await freePort()}/shop`);
    const message = await failing((await open.source("select :a as a from dual")).frame({ a: 1 }));
    expect(message).toMatch(
      /^DATA_UNAVAILABLE \[dbms\.shop\] orders: oracle:\/\/127\.0\.0\.1:\d+\/shop: the server cannot be reached/,
    );
    expect(message).not.toContain("hunter2");
    await open.close();
    expect(oracle.dialect.problemOf(new Error("ORA-01017: invalid username/password; logon denied"))).toBe("login");
    expect(oracle.dialect.problemOf(Object.assign(new Error(), { code: "ORA-00942" }))).toBe("no-table");
    expect(oracle.dialect.problemOf(Object.assign(new Error(), { code: "ORA-00904" }))).toBe("query");
  });
});

describe("clients", () => {
  it("that are not installed are named, with what installs them", async () => {
    await expect(loadClient("launchpad-has-no-such-client", "PostgreSQL")).rejects.toMatchObject({
      code: "MODULE_NOT_FOUND",
      message: "PostgreSQL needs the package launchpad-has-no-such-client: npm install launchpad-has-no-such-client",
    });
  });
});
