import { type ErrorCode, type Fault, isLaunchpadError, LaunchpadError, messageOf, statusOf } from "../errors.ts";
import { truncateValue } from "../util/truncate.ts";
import type { RequestContext } from "./request-context.ts";

/** RFC 9457: what an error response says. */
export interface Problem {
  /** Page about the code, where `api.problem_types` says where these are; else `about:blank`: the code and the status say it. */
  readonly type: string;
  /** The phrase of the status. */
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** A stable name for what went wrong. */
  readonly code: ErrorCode;
  /** Everything that is wrong with the arguments. */
  readonly errors?: readonly Fault[];
  /** What the log says more under. */
  readonly request_id: string;
}

/** Form in which a protocol says what went wrong: the JSON of the body, made of the problem that REST would have sent. */
export type ErrorForm = (problem: Problem, request: Request) => ErrorBody;

/** Body of an error, and headers that belong to it. */
export interface ErrorBody {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Status of the response, where the protocol has another for it. */
  readonly status?: number;
}

/** The phrases of RFC 9110. */
const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  417: "Expectation Failed",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** What a caller is told when the fault is not theirs: nothing of what went on inside. */
const innerDetails: Readonly<Record<number, string>> = {
  503: "The model cannot answer at the moment. Try again later.",
  504: "The model took longer than a request may take.",
};
const innerDetail = "The request could not be answered. The server's log says more under this request id.";

/** Seconds after which a caller may ask again. */
const retryAfter = "5";

/**
 * Creates the response to a request that failed.
 *
 * @param thrown Whatever was thrown.
 * @param context The request, with the headers of the response.
 * @param respond Makes the response.
 * @param form What a protocol makes of it, where the request is one of its.
 * @param types The URL of the page about errors, if there is one.
 *
 * @returns A response of type `application/problem+json`; one with a status of 500 or more tells nothing inner but what an error
 * says is for anybody.
 */
export function problemResponse(
  thrown: unknown,
  { requestId, errorHeaders, request }: Pick<RequestContext, "requestId" | "errorHeaders" | "request">,
  respond: (body: string, init: ResponseInit) => Response,
  form?: ErrorForm,
  types?: string,
): Response {
  const problem = problemOf(thrown, requestId, types);
  const { status } = problem;
  const shaped = form?.(problem, request);
  return respond(JSON.stringify(shaped ? shaped.body : problem), {
    status: shaped?.status ?? status,
    headers: {
      ...errorHeaders,
      "content-type": shaped ? "application/json" : "application/problem+json",
      ...shaped?.headers,
      ...(status === 503 && !("retry-after" in errorHeaders) && { "retry-after": retryAfter }),
    },
  });
}

/**
 * Tells what a caller may know of what was thrown.
 *
 * @param thrown Whatever was thrown.
 * @param requestId The id of the request.
 * @param types The URL of the page about errors, if there is one.
 *
 * @returns The problem; one with a status of 500 or more tells nothing inner but what an error says is for anybody.
 */
export function problemOf(thrown: unknown, requestId: string, types?: string): Problem {
  const error = isLaunchpadError(thrown)
    ? thrown
    : new LaunchpadError("INTERNAL", messageOf(thrown), { cause: thrown });
  const { code } = error;
  const status = statusOf(code);
  const inner = status >= 500;
  return {
    type: types === undefined ? "about:blank" : `${types}#${code.toLowerCase()}`,
    title: titles[status] ?? "Error",
    status,
    detail: inner ? (error.detail ?? innerDetails[status] ?? innerDetail) : error.message,
    code,
    ...(!inner && error.faults.length > 0 && { errors: error.faults.map(presentable) }),
    request_id: requestId,
  };
}

/**
 * Creates the text of the problem of a request that no API has seen: its server could not read it.
 *
 * @param status The status: 400, 408, 417 or 431.
 * @param detail What is wrong with it.
 * @param requestId The id of the request.
 *
 * @returns The body of a response of type `application/problem+json`.
 */
export function unreadableProblem(status: number, detail: string, requestId: string): string {
  const problem: Problem = {
    type: "about:blank",
    title: titles[status] ?? "Error",
    status,
    detail,
    code: "REQUEST_INVALID",
    request_id: requestId,
  };
  return JSON.stringify(problem);
}

/** Faults also come from a model's own schema, with any value in them. */
function presentable(fault: Fault): Fault {
  return { ...fault, ...("received" in fault && { received: truncateValue(fault.received) }) };
}
