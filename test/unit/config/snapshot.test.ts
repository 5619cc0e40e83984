import { describe, expect, it } from "vitest";
import { defineConfig } from "../../../src/config/define.ts";
import { snapshotOf } from "../../../src/config/snapshot.ts";
import { leastValue, load } from "../../support/files.ts";

describe("a snapshot", () => {
  it("is what the user wrote, merged: paths and variables as written, no defaults", async () => {
    const config = await load(
      {
        "a.yml": `model_store: {location: ./model_store}\nmodel: {name: iris, version: "1", module: m, own: {depth: .inf}}\n`,
        "conf/b.yml": "datasources: {a: {type: csv, path: ./x.csv, tags: train, token_var: TOKEN}}\n",
      },
      "a.yml",
      "conf/b.yml",
    );
    expect(snapshotOf(config)).toEqual({
      model_store: { location: "./model_store" },
      model: { name: "iris", version: "1", module: "m", own: { depth: "Infinity" } },
      datasources: { a: { type: "csv", path: "./x.csv", tags: "train", token_var: "TOKEN" } },
    });
  });

  it("holds no secrets, and survives JSON as it is", () => {
    const config = defineConfig({
      ...leastValue,
      dbms: {
        my: {
          type: "sql",
          password: "hunter2",
          url: "libsql://me:hunter2@host/db?authToken=hunter2&tls=1",
          port: 5432,
        },
      },
      mine: [{ credentials: { user: "me", pin: "hunter2" } }],
    });
    const snapshot = snapshotOf(config);
    expect(snapshot).toMatchObject({
      dbms: { my: { password: "***", url: "libsql://***@host/db?authToken=***&tls=1", port: 5432 } },
      mine: [{ credentials: "***" }],
    });
    expect(JSON.stringify(snapshot)).not.toContain("hunter2");
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(config.dbms.my?.password).toBe("hunter2");
  });
});
