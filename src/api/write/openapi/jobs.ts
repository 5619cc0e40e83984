import type { Part } from "./parameters.ts";

/** What is said of jobs. */
export interface DocumentedJobs {
  /** Whether a caller can be told how a job ended. */
  readonly webhooks: boolean;
  /** Path of what `PUT` asks, if it takes a body. */
  readonly putPath: string | undefined;
}

const time = { type: "string", format: "date-time" };

const jobSchema: Part = {
  type: "object",
  description: "A prediction that is answered in its own time.",
  properties: {
    id: { type: "string" },
    status: { type: "string", enum: ["starting", "processing", "succeeded", "failed", "canceled"] },
    created_at: time,
    started_at: time,
    completed_at: time,
    model: {
      type: "object",
      properties: { name: { type: "string" }, version: { type: "string" }, run: { type: "string" } },
    },
    prediction: { description: "What the response would have been, once it has succeeded." },
    error: { $ref: "#/components/schemas/Problem" },
  },
  required: ["id", "status", "created_at"],
};

const ofJob = (description: string, headers: Part = {}): Part => ({
  description,
  ...(Object.keys(headers).length > 0 && { headers }),
  content: { "application/json": { schema: { $ref: "#/components/schemas/Job" } } },
});
const text = (description: string): Part => ({ description, schema: { type: "string" } });
const accepted = ofJob("It is answered in its own time, and found at `Location`.", {
  location: text("Path of the job."),
  "preference-applied": text("`respond-async`"),
  "retry-after": text("Seconds to wait."),
});
const headerParameter = (name: string, description: string, schema: Part): Part => ({
  name,
  in: "header",
  required: false,
  description,
  schema,
});
const wait = headerParameter("Prefer", "`wait=10` waits so many seconds for its end.", {
  type: "string",
  pattern: "^wait=[0-9]{1,2}$",
});
const asynchronous = headerParameter(
  "Prefer",
  "`respond-async` makes a job of it, which is answered with 202 (RFC 7240).",
  { type: "string", enum: ["respond-async"] },
);
const webhook = headerParameter(
  "webhook-url",
  "Makes a job of it, whose end is posted to this URL in the form of Standard Webhooks.",
  { type: "string", format: "uri", maxLength: 2048 },
);

/**
 * Creates a document that says how predictions are answered in their own time, from one that does not.
 *
 * @param document The document, with the schema of problems.
 * @param jobs What is said of jobs.
 *
 * @returns The document.
 */
export function withJobs<T extends { readonly paths: Part; readonly components?: Part }>(
  document: T,
  { webhooks, putPath }: DocumentedJobs,
): T {
  const { paths, components } = document;
  const asks = [asynchronous, ...(webhooks ? [webhook] : [])];
  const changed = Object.entries(paths).map(([path, item]) => [
    path,
    Object.fromEntries(Object.entries(item as Part).map(([method, it]) => [method, askable(it, asks)])),
  ]);
  const put = putPath === undefined ? undefined : (paths[putPath] as Part | undefined)?.post;
  return {
    ...document,
    paths: { ...Object.fromEntries(changed), "/predictions/{id}": jobItem(put as Part | undefined, webhooks) },
    components: { ...components, schemas: { ...(components?.schemas as Part | undefined), Job: jobSchema } },
  };
}

function askable(operation: unknown, asks: readonly Part[]): unknown {
  if (typeof operation !== "object" || operation === null || !("responses" in operation)) return operation;
  const { parameters = [], responses, ...rest } = operation as Part;
  const all = [...(parameters as readonly Part[]), ...asks];
  return { ...rest, parameters: all, responses: { ...(responses as Part), 202: accepted } };
}

function jobItem(post: Part | undefined, webhooks: boolean): Part {
  const id = {
    name: "id",
    in: "path",
    required: true,
    description: "Id of the job: the one that it was given, or that its caller gives it.",
    schema: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$" },
  };
  const problem = (description: string): Part => ({
    description,
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  });
  const refusals = { 400: problem("It is no id, or the request is not valid."), 503: problem("Try again later.") };
  const none = { 404: problem("There is no such job of this caller.") };
  const tags = ["predictions"];
  return {
    parameters: [id],
    get: {
      tags,
      operationId: "getPrediction",
      summary: "A job, with its result once there is one",
      parameters: [wait],
      responses: { 200: ofJob("The job."), ...none, ...refusals },
    },
    delete: {
      tags,
      operationId: "cancelPrediction",
      summary: "Cancels a job that has not ended",
      responses: { 200: ofJob("The job, as it is now."), ...none, ...refusals },
    },
    ...(post && {
      put: {
        tags,
        operationId: "putPrediction",
        summary: "Begins a job under an id; the same request again begins none",
        parameters: [wait, ...(webhooks ? [webhook] : [])],
        requestBody: post.requestBody,
        responses: {
          200: ofJob("The job, which has ended."),
          202: accepted,
          409: problem("There is another job under this id."),
          413: problem("The body is too large."),
          415: problem("The body has another media type."),
          ...refusals,
        },
      },
    }),
  };
}
