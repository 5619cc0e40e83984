import { LaunchpadError } from "../../errors.ts";
import { quote } from "../access/messages.ts";

/** The table of a sink. */
export interface Table {
  /** Quoted, with its schema if it has one. */
  readonly name: string;
  /** Quoted, without its schema. */
  readonly bare: string;
  /** For messages. */
  readonly shown: string;
  /** Another name in the same schema, quoted, which no other write has. */
  beside(what: "new" | "old"): string;
}

const form = "the name of a table, or schema.table";

/**
 * Creates the table that an entry names.
 *
 * @param where Where the entry stands, for messages.
 * @param given `table` or `schema.table`.
 * @param quoted Creates a name in quotes.
 * @param schema The schema of a table that names none.
 *
 * @returns The table.
 *
 * @throws CONFIG_INVALID when it is not one.
 */
export function tableOf(
  where: string,
  given: unknown,
  quoted: (name: string) => string,
  schema?: string | undefined,
): Table {
  if (typeof given !== "string" || given === "") {
    const found = given === undefined || given === null ? "nothing" : typeof given === "string" ? '""' : typeof given;
    throw new LaunchpadError("CONFIG_INVALID", `${where}: table: ${form} expected, found ${found}`);
  }
  const names = given.split(".");
  if (schema !== undefined) {
    if (names.length > 1) {
      const message = `${where}: options.schema: found ${quote(schema)}, and a schema in table: ${quote(given)}. Remove one of them`;
      throw new LaunchpadError("CONFIG_INVALID", message);
    }
    names.unshift(schema);
  }
  if (names.some((name) => name === "" || name.includes("\0")) || names.length > 3) {
    throw new LaunchpadError("CONFIG_INVALID", `${where}: table: ${form} expected, found ${JSON.stringify(given)}`);
  }
  const before = names.slice(0, -1).map(quoted);
  const within = (name: string) => [...before, quoted(name)].join(".");
  const table = names.at(-1) ?? "";
  // Short, because databases cut long names, and some of them silently.
  const id = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(36).padStart(2, "0")).join(
    "",
  );
  let count = 0;
  return {
    name: within(table),
    bare: quoted(table),
    shown: quote(schema === undefined ? given : `${schema}.${given}`),
    beside: (what) => within(`launchpad_${what}_${id}${count++}`),
  };
}
