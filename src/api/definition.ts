import type { JsonSchema } from "../schema/json-schema.ts";

/** How the text of a parameter is cut into several values (OpenAPI 3.1, "Style Values"). */
export type ParameterStyle = "form" | "simple" | "label" | "matrix" | "spaceDelimited" | "pipeDelimited" | "deepObject";

/** One argument that a resource takes. */
export interface Parameter {
  readonly name: string;
  /**
   * Where it is described. Those of the query and of the body (fields of a form, properties of a JSON object) are
   * interchangeable in a request, as in ML Launchpad.
   */
  readonly in: "path" | "query" | "header" | "body";
  readonly required: boolean;
  /**
   * What its value must be. An array is given by repetition, or as a list in JSON; `default` is taken where it is
   * absent. The schema of a file is `{ type: "string", format: "binary" }`.
   */
  readonly schema: JsonSchema;
  /** Where repetition is not how several values are given. */
  readonly style?: ParameterStyle;
  readonly explode?: boolean;
  /** What a file may be; present for files (and arrays of files) only. */
  readonly file?: {
    /** Media types, a whole kind of them as `image/*`; any if there are none. */
    readonly mediaTypes?: readonly string[];
    /** The largest file, in bytes. */
    readonly maxBytes?: number;
  };
  readonly displayName?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly example?: unknown;
}

/** The methods that Launchpad serves. */
export type Method = "GET" | "POST";

/** Something a client can ask for. Two resources may have one path if they have no method in common. */
export interface Resource {
  /** Below the base path, `/varieties/{id}`. */
  readonly path: string;
  /** From RAML always both, which ask the same, as in ML Launchpad. */
  readonly methods: readonly Method[];
  readonly displayName?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly parameters: readonly Parameter[];
  /** Whether arguments that are not described are passed on instead of refused. */
  readonly additional: boolean;
  /**
   * A JSON body that is described as a whole, because it is not just an object with named properties (those are
   * parameters): an array, a union. The properties of an object are arguments; anything else is the argument `body`.
   * With `media` it is what these types say instead, as the argument `body`: text of `text/plain`, a `File` of `image/png`.
   */
  readonly body?: {
    readonly required: boolean;
    readonly schema: JsonSchema;
    readonly description?: string;
    readonly example?: unknown;
    /** The media types that it may have, if that is not JSON: `text/plain`, `image/*`. */
    readonly media?: readonly string[];
    /** What a file may be, where it is one. */
    readonly file?: NonNullable<Parameter["file"]>;
  };
  /** The status of its answers, where the file describes another success than 200. */
  readonly status?: number;
  /** What a prediction is; one that does not fit the schema is a fault of the model. */
  readonly result?: { readonly description?: string; readonly schema?: JsonSchema; readonly example?: unknown };
}

/** What the API offers: plain JSON, from which routes, validation and documents are made. */
export interface ApiDefinition {
  readonly title: string;
  readonly description?: string;
  /** `v` and the major version of the model. */
  readonly version: string;
  readonly resources: readonly Resource[];
  /** What `$ref: "#/components/schemas/NAME"` means in any schema of the definition. */
  readonly schemas?: Readonly<Record<string, JsonSchema>>;
  /** The file that describes it, for messages about what a model returns. */
  readonly source?: {
    /** Its name as messages show it. */
    readonly file: string;
    /** Whether a result must fit it, or what does not fit is only logged, unless the configuration says so. */
    readonly results: "check" | "warn";
    /** The lines on which responses are described, by path and method: `/varieties GET`. */
    readonly lines: Readonly<Record<string, number>>;
  };
}

/**
 * Creates the definition of an API that nobody described: POST any JSON object to its one resource.
 *
 * @param title The name of the API.
 * @param version `v` and the major version of the model.
 * @param resource The name of the resource.
 *
 * @returns A definition with one resource.
 */
export function openDefinition(title: string, version: string, resource = "predictions"): ApiDefinition {
  return {
    title,
    version,
    resources: [{ path: `/${resource}`, methods: ["POST"], parameters: [], additional: true }],
  };
}
