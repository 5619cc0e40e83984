import { createSink } from "../../src/data/access/sink.ts";
import { createSource } from "../../src/data/access/source.ts";
import { sink, source } from "../../src/data/sql/index.ts";
import type { Sink, Source } from "../../src/data/types.ts";
import type { Host } from "../../src/host.ts";
import { testHost } from "../support/host.ts";

/** What a test opens beside the url. */
export interface Entry {
  readonly dbms?: object;
  readonly entry?: object;
  readonly signal?: AbortSignal | undefined;
}

/** Opens sources and sinks of a database, and closes them all. */
export interface Opened {
  source(query: string, entry?: Entry): Promise<Source>;
  sink(table: string, entry?: Entry): Promise<Sink>;
  close(): Promise<void>;
}

/**
 * Creates what opens sources and sinks.
 *
 * @param url The database.
 * @param host What the runtime can do.
 *
 * @returns Functions that open, and one that closes everything.
 */
export function opening(url: string, host: Host = testHost()): Opened {
  const drivers: { close?(): unknown }[] = [];
  const context = ({ dbms, entry }: Entry, own: object) => ({
    name: "orders",
    entry: { type: "dbms.shop", ...own, ...entry },
    dbms: { url, ...dbms },
    where: "launchpad.yml line 9",
    host,
  });
  const identity = { name: "orders", type: "dbms.shop", tags: [], where: "launchpad.yml line 9" };
  return {
    async source(query, entry = {}) {
      const driver = await source.open(context(entry, { query }));
      drivers.push(driver);
      return createSource(driver, { ...identity, signal: entry.signal });
    },
    async sink(table, entry = {}) {
      const driver = await sink.open(context(entry, { table }));
      drivers.push(driver);
      return createSink(driver, { ...identity, signal: entry.signal });
    },
    async close() {
      await Promise.all(drivers.splice(0).map((driver) => driver.close?.()));
    },
  };
}
