/** The type of a parameter's value. */
export type ParameterType = "number" | "integer" | "string" | "boolean";

/** One argument that a resource takes. */
export interface Parameter {
  readonly name: string;
  /** Where it is described; query and form parameters are interchangeable in a request, as in ML Launchpad. */
  readonly in: "query" | "form" | "path";
  readonly type: ParameterType;
  /** Whether it can be given several times, and arrives as an array. */
  readonly array: boolean;
  readonly required: boolean;
  readonly default?: unknown;
  readonly enum?: readonly (string | number | boolean)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A regular expression of ECMAScript. */
  readonly pattern?: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly example?: unknown;
}

/** Something a client can ask for. GET and POST ask the same, as in ML Launchpad. */
export interface Resource {
  /** Below the base path, `/varieties/{id}`. */
  readonly path: string;
  readonly methods: readonly ("GET" | "POST")[];
  readonly displayName?: string;
  readonly description?: string;
  readonly parameters: readonly Parameter[];
  /** Whether arguments that are not described are passed on instead of refused. */
  readonly additional: boolean;
  readonly result?: { readonly description?: string; readonly schema?: unknown; readonly example?: unknown };
}

/** What the API offers: plain JSON, from which routes, validation and documents are made. */
export interface ApiDefinition {
  readonly title: string;
  readonly description?: string;
  /** `v` and the major version of the model. */
  readonly version: string;
  readonly resources: readonly Resource[];
}

/**
 * Creates the definition of an API that nobody described: POST any JSON object to `/predictions`.
 *
 * @param title The name of the API.
 * @param version `v` and the major version of the model.
 *
 * @returns A definition with one resource.
 */
export function openDefinition(title: string, version: string): ApiDefinition {
  return {
    title,
    version,
    resources: [{ path: "/predictions", methods: ["POST"], parameters: [], additional: true }],
  };
}
