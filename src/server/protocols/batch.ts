import { routeTo } from "../../api/routes.ts";
import { itemTexts } from "../../data/json/items.ts";
import { LaunchpadError, messageOf } from "../../errors.ts";
import { isTooDeep, maxDepth } from "../../schema/json-limits.ts";
import { truncateText } from "../../util/truncate.ts";
import type { ApiOptions } from "../api-options.ts";
import { problemOf } from "../problem.ts";
import type { RequestContext } from "../request-context.ts";
import { createRowPredictor, type RowAnswer, type RowPredictor } from "../row-predictor.ts";
import type { Endpoint } from "./endpoint.ts";

/** So many rows are predicted at once; as many are in memory. */
const rowsAtOnce = 512;
/** One row has no more characters than a whole request by itself. */
const defaultMaxRow = 10 * 1024 * 1024;
const defaultMaxRows = 10_000_000;
const defaultMaxBytes = 10 * 1024 ** 3;

/** What is read of a row: its value, or what is wrong with it. */
type Read = { readonly value: unknown; readonly error?: never } | { readonly error: LaunchpadError };

/** How rows come and answers go. */
interface Form {
  readonly type: string;
  /** Makes text of answers: each can be read as soon as it is there. */
  write(answers: readonly string[], isFirst: boolean): string;
  /** What comes when there are no more. */
  end(isEmpty: boolean): string;
  /** Texts of rows as they come; several at a time, none empty. */
  texts(body: ReadableStream<Uint8Array>, maxRow: number): AsyncGenerator<readonly string[]>;
}

const lines: Form = {
  type: "application/x-ndjson",
  write: (answers) => answers.map((text) => `${text}\n`).join(""),
  end: () => "",
  texts: lineTexts,
};

const array: Form = {
  type: "application/json",
  write: (answers, isFirst) => (isFirst ? "[" : ",\n") + answers.join(",\n"),
  end: (isEmpty) => (isEmpty ? "[]\n" : "]\n"),
  texts: arrayTexts,
};

/** The one table of media types that rows come in. */
const forms: Readonly<Record<string, Form>> = {
  "application/x-ndjson": lines,
  "application/ndjson": lines,
  "application/jsonl": lines,
  "application/x-jsonlines": lines,
  "application/json": array,
};

/**
 * Endpoint of many rows in one request, `POST <resource>:batch`: JSON Lines or a JSON array in, an answer for each row out, in their
 * order, as they come. A row that has no prediction is answered by `{"error": ...}`. Nothing is read before its answers are taken.
 *
 * @param options The API of the model.
 * @param taken Paths that are taken already: one of them is left to whom it belongs.
 *
 * @returns The endpoint; none for an API without resources.
 *
 * @throws API_INVALID when a schema is none.
 */
export function batchEndpoints(options: ApiOptions, taken: readonly string[]): readonly Endpoint[] {
  const [resource] = options.definition.resources;
  if (resource === undefined) return [];
  // The parameters of a path are in the rows.
  const path = `${resource.path.replace(/\/[^/]*\{.*$/, "").replace(/\/$/, "")}:batch`;
  const template = options.basePath + path;
  if (taken.includes(template)) return [];
  const predict = createRowPredictor(options);
  const POST = (request: Request, _: unknown, context: RequestContext) => answer(request, context, predict, options);
  return [{ route: routeTo(template), template, handlers: { POST }, predicts: true }];
}

function answer(request: Request, context: RequestContext, predict: RowPredictor, options: ApiOptions): Response {
  const { batch, maxBodyBytes = defaultMaxRow } = options;
  const { maxRows = defaultMaxRows, maxBytes = defaultMaxBytes } = batch || {};
  const essence = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const form = Object.hasOwn(forms, essence) ? forms[essence] : undefined;
  if (form === undefined) {
    const found = essence === "" ? "no content type" : `the content type ${truncateText(essence)}`;
    throw new LaunchpadError(
      "MEDIA_TYPE_UNSUPPORTED",
      `The body has ${found}: expected application/x-ndjson (one object a line) or application/json (an array of objects)`,
    );
  }
  if (Number(request.headers.get("content-length")) > maxBytes) throw tooMany(`at most ${maxBytes} bytes`);
  const body = request.body ?? new Response("").body ?? new ReadableStream<Uint8Array>();
  const rows = limited(form.texts(body, maxBodyBytes), { maxRows, maxBytes });
  options.identifyRows?.(context);
  const encoder = new TextEncoder();
  let written = 0;
  let hasLogged = false;
  /** The log of a million rows with one fault would be as long: it says the first. */
  const logged = (error: unknown, row: number) => {
    const { status } = problemOf(error, context.requestId);
    if (hasLogged || status < 500) return;
    hasLogged = true;
    const message = `${context.route} row ${row} of a batch, and perhaps others: ${messageOf(error)}`;
    options.log.error(message, { ...context.facts(), error });
  };
  const put = (answers: readonly RowAnswer[]) => {
    const texts = answers.map((one) =>
      "error" in one ? faultText(one.error, context) : JSON.stringify(one.prediction),
    );
    for (const [at, one] of answers.entries()) if ("error" in one) logged(one.error, written + at + 1);
    const text = form.write(texts, written === 0);
    written += texts.length;
    return encoder.encode(text);
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await rows.next();
          if (!done) return controller.enqueue(put(await answers(value, written, predict, context)));
        } catch (error) {
          // What has been answered is on its way: this is the last that is said.
          context.error = error;
          logged(error, written + 1);
          controller.enqueue(put([{ error }]));
        }
        const end = form.end(written === 0);
        if (end !== "") controller.enqueue(encoder.encode(end));
        controller.close();
      },
      async cancel(reason) {
        await rows.return(undefined);
        await body.cancel(reason).catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
  // Who compresses would hold answers back.
  const headers = { ...context.headers, "content-type": form.type, "cache-control": "no-store, no-transform" };
  return new Response(stream, { headers });
}

async function answers(
  texts: readonly string[],
  before: number,
  predict: RowPredictor,
  context: RequestContext,
): Promise<readonly RowAnswer[]> {
  const read = texts.map(readRow);
  const good = read.flatMap((row, at) => (row.error === undefined ? [{ value: row.value, place: before + at }] : []));
  const values = good.map(({ value }) => value);
  const places = good.map(({ place }) => place);
  const predicted = good.length > 0 ? await predict(values, context, places) : [];
  let next = 0;
  return read.map((row): RowAnswer => {
    if (row.error) return { error: row.error };
    return predicted[next++] ?? { error: new LaunchpadError("INTERNAL", "a row has no answer") };
  });
}

function readRow(text: string): Read {
  if (isTooDeep(text)) {
    return {
      error: new LaunchpadError("ARGUMENTS_INVALID", `The row has more than ${maxDepth} levels of lists and objects`),
    };
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    const found = text.trim() === "" ? "an empty line" : truncateText(text);
    return { error: new LaunchpadError("ARGUMENTS_INVALID", `The row is no JSON: expected an object, found ${found}`) };
  }
}

function faultText(error: unknown, context: RequestContext): string {
  const { code, status, detail, errors } = problemOf(error, context.requestId);
  return JSON.stringify({ error: { code, status, detail, ...(errors && { errors }) } });
}

async function* limited(
  texts: AsyncGenerator<readonly string[]>,
  { maxRows, maxBytes }: { readonly maxRows: number; readonly maxBytes: number },
): AsyncGenerator<readonly string[]> {
  let [rows, characters] = [0, 0];
  for await (const some of texts) {
    for (let at = 0; at < some.length; at += rowsAtOnce) {
      const part = some.slice(at, at + rowsAtOnce);
      rows += part.length;
      for (const text of part) characters += text.length + 1;
      if (rows > maxRows) throw tooMany(`at most ${maxRows} rows`);
      if (characters > maxBytes) throw tooMany(`at most ${maxBytes} bytes`);
      yield part;
    }
  }
}

function tooMany(expected: string): LaunchpadError {
  return new LaunchpadError("BODY_TOO_LARGE", `The batch has more: expected ${expected}. Send it in parts`);
}

/** The lines that each piece of the body completes. */
async function* lineTexts(body: ReadableStream<Uint8Array>, maxRow: number): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = body.getReader();
  let rest = "";
  let ended = false;
  try {
    while (!ended) {
      const { done, value } = await reader.read();
      ended = done;
      const found = (rest + decoded(decoder, value)).split("\n");
      rest = found.pop() ?? "";
      if (rest.length > maxRow) throw tooMany(`a row of at most ${maxRow} bytes`);
      if (found.length > 0) yield found;
    }
    if (rest !== "") yield [rest];
  } finally {
    if (!ended) await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
}

function decoded(decoder: TextDecoder, bytes: Uint8Array | undefined): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
  } catch (cause) {
    throw new LaunchpadError("ARGUMENTS_INVALID", "The body is not UTF-8 from here on", { cause });
  }
}

async function* arrayTexts(body: ReadableStream<Uint8Array>): AsyncGenerator<readonly string[]> {
  let some: string[] = [];
  try {
    for await (const { text } of itemTexts(body, "The body")) {
      some.push(text);
      if (some.length < rowsAtOnce) continue;
      yield some;
      some = [];
    }
  } catch (error) {
    if (some.length > 0) yield some;
    // It is the body of a request, and no data of ours.
    if (!(error instanceof LaunchpadError) || error.code !== "DATA_INVALID") throw error;
    throw new LaunchpadError("ARGUMENTS_INVALID", error.message, { cause: error });
  }
  if (some.length > 0) yield some;
}
