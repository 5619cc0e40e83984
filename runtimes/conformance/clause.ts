/** Request and response of a check, for the report. */
export interface Exchange {
  readonly sent: string;
  readonly came: string;
}

/** Response, as clauses look at it. */
export interface Answer {
  readonly status: number;
  /** JSON of the body; undefined where it is none. */
  readonly json: unknown;
  readonly text: string;
}

/** Asks the server; a body that is no text is sent as JSON. */
export type Ask = (
  method: "GET" | "POST",
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** What is known of the server under test. */
export interface Subject {
  readonly ask: Ask;
  /** Name of the model. */
  readonly model: string;
  /** Rows of values by name that the model takes; undefined where they are made of what the server says of its inputs. */
  readonly rows: readonly Readonly<Record<string, unknown>>[] | undefined;
}

/** Clause of a protocol: what its text asks for, and how that is tried. */
export interface Clause {
  readonly id: string;
  /** What the text asks for. */
  readonly asks: string;
  /** Resolves when the server does it; rejects with a `Miss` otherwise. */
  attempt(subject: Subject): Promise<void>;
}

/** A server that does not do what a clause asks for. */
export class Miss extends Error {}

/** Misses the clause unless a condition holds. */
export function expectThat(holds: boolean, expected: string, found: unknown): asserts holds {
  if (!holds) throw new Miss(`expected ${expected}, found ${JSON.stringify(found)?.slice(0, 300)}`);
}

/** Tells whether a value is an object of JSON. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Misses unless the server refuses as a protocol wants it: with a status of 4xx, and the message under a key. */
export function expectRefusal({ status, json, text }: Answer, key: string): void {
  expectThat(status >= 400 && status < 500, "a status from 400 to 499", status);
  expectThat(
    isObject(json) && typeof json[key] === "string" && json[key] !== "",
    `an object with ${key}, a text`,
    json ?? text,
  );
}

/** Answer of a request that must succeed. */
export function expectOk({ status, json, text }: Answer): Record<string, unknown> {
  expectThat(status === 200, "the status 200", `${status} ${text.slice(0, 200)}`);
  expectThat(isObject(json), "an object in JSON", json ?? text);
  return json;
}
