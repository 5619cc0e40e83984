import type { DType } from "../types.ts";
import type { Address } from "./address.ts";
import type { Lexicon } from "./lexicon.ts";
import type { SqlOptions } from "./options/database-options.ts";

/**
 * What a column of a result holds, and in which form a dialect delivers it. NULL is null, always.
 *
 * - `integer`: numbers, bigints or digits
 * - `float`: numbers
 * - `decimal`: text with all its digits; `computed` where the database chose how many of them there are (an average)
 * - `boolean`: booleans, or the numbers 0 and 1
 * - `datetime`: Dates, or ISO 8601 text, which is UTC where it names no zone
 * - `bytes`: lower-case hexadecimal text
 * - `text`: text
 * - `any`: whatever SQLite keeps in a cell; `declared` says what its column was made for
 */
export type SqlKind = "integer" | "float" | "decimal" | "boolean" | "datetime" | "bytes" | "text" | "any";

/** One column of a result. */
export interface SqlColumn {
  readonly name: string;
  readonly kind: SqlKind;
  /** For decimals: the database chose the number of digits. */
  readonly computed?: boolean;
  /** For `any`: the dtype that the declared type of the column asks for. */
  readonly declared?: DType | undefined;
}

/** A value as a dialect delivers it. */
export type SqlValue = null | string | number | bigint | boolean | Date | ArrayBuffer;

/** Some rows of a result. */
export interface SqlRows {
  readonly columns: readonly SqlColumn[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** A value that is bound to a parameter. */
export type SqlParameter = null | string | number | bigint | boolean | Date;

/** A query that is being read. */
export interface SqlReading {
  /**
   * The next rows: as many as were asked for, some of them if all are wanted, or all of them if a client reads whole.
   * The first may be none; undefined at the end.
   */
  next(): Promise<SqlRows | undefined>;
  /** Ends the query on the server. The connection can be used again when this resolves. */
  stop(): Promise<void>;
}

/** One session with a database. Nothing is asked of it at the same time. */
export interface SqlConnection {
  /** Whether it can still be used. */
  readonly alive: boolean;
  /** Begins to read a result, `size` rows at a time; as they come if that is infinite. */
  read(sql: string, values: readonly SqlParameter[], size: number): SqlReading;
  /** Executes a statement. */
  run(sql: string, values?: readonly SqlParameter[]): Promise<void>;
  /** Inserts rows by one statement or as many as it takes. Without it, statements of several rows are executed. */
  insert?(table: string, columns: readonly InsertColumn[], rows: readonly (readonly SqlParameter[])[]): Promise<void>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  close(): Promise<void>;
}

/** A column that is written. */
export interface InsertColumn {
  readonly name: string;
  readonly dtype: DType;
}

/** What a database complains about, as far as a user must do different things about it. */
export type SqlProblem = "login" | "database" | "unreachable" | "timeout" | "lost" | "no-table" | "no-type" | "query";

/** What there is to know about one kind of database. */
export interface SqlDialect {
  /** `PostgreSQL`. */
  readonly name: string;
  /** Whether its URLs name a server, a user and a database. */
  readonly served: boolean;
  /** Whether its client encrypts every connection unless told otherwise. */
  readonly encrypts?: boolean;
  /** What queries are made of. */
  readonly lexicon: Lexicon;
  /** The parameter at a position from 1, as the client takes it. */
  placeholder(position: number): string;
  /** A parameter that occurs twice is given twice. */
  readonly repeats?: boolean;
  /** A name in quotes. */
  quote(name: string): string;
  /** What each dtype is in CREATE TABLE. */
  readonly types: Readonly<Record<DType, string>>;
  /** The most that one statement takes; rows are also bounded where the server bounds a statement's bytes. */
  readonly limits: { readonly parameters: number; readonly rows: number };
  /** Whether a transaction takes back CREATE, DROP and RENAME. */
  readonly transactionalDdl: boolean;
  /** Whether its numbers can be infinite. */
  readonly infinity: boolean;
  /** Whether its text can hold U+0000, and its client reads it. */
  readonly nul: boolean;
  /** The statements by which a new table takes the place of another, if there is one; names are quoted. */
  swap(names: SwapNames): readonly string[];
  /** What a thrown error is about; undefined if that is not known. */
  problemOf(thrown: unknown): SqlProblem | undefined;
  /**
   * Loads the client.
   *
   * @returns A function that opens a connection.
   *
   * @throws MODULE_NOT_FOUND when the package is not installed.
   */
  load(address: Address, options: SqlOptions): Promise<() => Promise<SqlConnection>>;
  /** How many connections there may be; as many as the options say unless told. */
  connections?(address: Address): number;
}

/** The tables of an exchange, quoted. */
export interface SwapNames {
  /** The table that has been written, with its schema. */
  readonly made: string;
  /** The table whose place it takes, with its schema. */
  readonly table: string;
  /** The same without a schema. */
  readonly bareTable: string;
  /** A name that is free, with the schema, for what is to be dropped. */
  readonly trash: string;
  /** Whether there is a table to replace. */
  readonly exists: boolean;
}
