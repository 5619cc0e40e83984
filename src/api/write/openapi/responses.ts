import type { Method, Resource } from "../../definition.ts";
import type { Part } from "./parameters.ts";
import type { Schemas } from "./schemas.ts";

interface DocumentedProblem {
  /** The phrase of the status, in one word. */
  readonly name: string;
  readonly description: string;
  readonly methods?: readonly Method[];
  readonly example: { readonly code: string; readonly detail: string; readonly errors?: readonly Part[] };
}

/** What can go wrong with an operation, by status: the one table of the problems that are documented. */
const problems: Readonly<Record<number, DocumentedProblem>> = {
  400: {
    name: "BadRequest",
    description: "Arguments that do not fit; `errors` lists everything that is wrong.",
    example: {
      code: "ARGUMENTS_INVALID",
      detail: "The request is not valid: size: expected a number",
      errors: [{ in: "query", name: "size", message: "expected a number", received: "large" }],
    },
  },
  413: {
    name: "ContentTooLarge",
    description: "A body larger than this API takes.",
    methods: ["POST"],
    example: { code: "BODY_TOO_LARGE", detail: "The body is larger than the 10485760 bytes that this API takes" },
  },
  415: {
    name: "UnsupportedMediaType",
    description: "A body of a type that this API does not take.",
    methods: ["POST"],
    example: { code: "MEDIA_TYPE_UNSUPPORTED", detail: "The body has no content type: expected application/json" },
  },
  500: {
    name: "InternalServerError",
    description: "The model failed. The server's log says why, under `request_id`.",
    example: {
      code: "PREDICT_FAILED",
      detail: "The request could not be answered. The server's log says more under this request id.",
    },
  },
  503: {
    name: "ServiceUnavailable",
    description: "There is no model to answer at the moment: try again later.",
    example: { code: "NOT_READY", detail: "The model cannot answer at the moment. Try again later." },
  },
  504: {
    name: "GatewayTimeout",
    description: "The model took too long.",
    example: { code: "TIMED_OUT", detail: "The model took longer than a request may take." },
  },
};

/** What the header fields of a response say. */
const headers = {
  "x-request-id": { name: "RequestId", description: "What the server's log says more under." },
  "x-model": { name: "Model", description: "The model that made the prediction: NAME@VERSION/RUN." },
} as const;

const problemSchema = {
  type: "object",
  description: "What went wrong (RFC 9457).",
  properties: {
    type: { type: "string", description: "A page about `code`, if there is one; else `about:blank`." },
    title: { type: "string", description: "The phrase of the status." },
    status: { type: "integer" },
    detail: { type: "string", description: "What was found and what was expected." },
    code: { type: "string", description: "A stable name for what went wrong." },
    errors: {
      type: "array",
      description: "Everything that is wrong with the arguments.",
      items: {
        type: "object",
        properties: {
          in: { type: "string", description: "Where the argument came from: `query`, `path`, `header`, `body`." },
          name: { type: "string", description: "The argument's name; empty for the body as a whole." },
          message: { type: "string", description: "What was expected." },
          received: { description: "What was received, if anything was." },
        },
        required: ["in", "name", "message"],
      },
    },
    request_id: { type: "string", description: "What the server's log says more under." },
  },
  required: ["type", "title", "status", "detail", "code", "request_id"],
} as const;

/** Responses that operations share. */
export interface Responses {
  /** The responses of one operation. */
  of(resource: Resource, method: Method, name: string): Part;
  /** `responses` and `headers` of the components. */
  readonly components: Part;
}

/**
 * Creates the responses of a document.
 *
 * @param schemas Gets the schemas of results and of problems.
 * @param options Whether to describe what the server adds to every response: problems and header fields.
 *
 * @returns A function to the responses of an operation, and what they share.
 */
export function createResponses(schemas: Schemas, options: { readonly complete: boolean }): Responses {
  const ok = ({ result }: Resource, name: string): Part => ({
    description: result?.description ?? "The prediction.",
    ...(options.complete && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([field, { name }]) => [field, { $ref: `#/components/headers/${name}` }]),
      ),
    }),
    content: {
      "application/json": {
        schema: result?.schema === undefined ? {} : schemas.place(result.schema, `${name}Result`),
        ...(result?.example !== undefined && { example: result.example }),
      },
    },
  });
  if (!options.complete)
    return { of: (resource, _, name) => ({ [resource.status ?? 200]: ok(resource, name) }), components: {} };

  const schema = schemas.add("Problem", problemSchema);
  const header = ({ description }: { readonly description: string }) => ({ description, schema: { type: "string" } });
  return {
    of: (resource, method, name) => ({
      [resource.status ?? 200]: ok(resource, name),
      ...Object.fromEntries(
        Object.entries(problems)
          .filter(([, { methods }]) => methods?.includes(method) ?? true)
          .map(([status, problem]) => [status, { $ref: `#/components/responses/${problem.name}` }]),
      ),
    }),
    components: {
      responses: Object.fromEntries(
        Object.entries(problems).map(([status, problem]) => [
          problem.name,
          {
            description: problem.description,
            headers: {
              "x-request-id": { $ref: "#/components/headers/RequestId" },
              ...(status === "503" && {
                "retry-after": { description: "Seconds to wait.", schema: { type: "string" } },
              }),
            },
            content: { "application/problem+json": { schema, example: exampleOf(status, problem) } },
          },
        ]),
      ),
      headers: Object.fromEntries(Object.values(headers).map((field) => [field.name, header(field)])),
    },
  };
}

function exampleOf(status: string, { name, example }: DocumentedProblem): Part {
  const title = name.replace(/(?<=[a-z])(?=[A-Z])/g, " ");
  return {
    type: "about:blank",
    title,
    status: Number(status),
    ...example,
    request_id: "3f0c9a52-0f4e-4c1b-9d57-6a1e8a4d7f10",
  };
}
