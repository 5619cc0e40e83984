/** Model that answers a request, by its metadata. */
export interface AnsweringModel {
  readonly name: string;
  readonly version: string;
  readonly run: string;
}

/** Media type of what is answered. */
export const jsonType = "application/json";

/** Name of a model, as commands take it. */
export const modelReference = ({ name, version, run }: AnsweringModel) => `${name}@${version}/${run}`;

/** Headers that responses have besides those of their content (`api.response_headers`). */
export class HeaderPolicy {
  /** Whether every response has `x-request-id`, or those to callers that sent one, or errors alone. */
  readonly requestId: "always" | "given" | "errors";
  /** Whether predictions have `x-model`: `NAME@VERSION/RUN`, as commands take it. */
  readonly model: boolean;
  private last: AnsweringModel | undefined;
  private headers: Readonly<Record<string, string>> = Object.freeze({ "content-type": jsonType });

  /**
   * Creates a policy.
   *
   * @param names What every response has; without them, predictions name their model, and callers that sent an id get it back.
   */
  constructor(names?: readonly ("request-id" | "model")[]) {
    this.requestId = names === undefined ? "given" : names.includes("request-id") ? "always" : "errors";
    this.model = names === undefined || names.includes("model");
  }

  /** Headers of a response in JSON that has nothing else to say, not to be written to. Nearly always it is the same model. */
  jsonHeaders(model: AnsweringModel | undefined): Readonly<Record<string, string>> {
    if (model !== this.last && this.model) {
      this.last = model;
      this.headers = Object.freeze({ "content-type": jsonType, ...(model && { "x-model": modelReference(model) }) });
    }
    return this.headers;
  }
}
