import type { OutputTensor } from "./outputs.ts";

/** Inference response. */
export interface InferResponse {
  readonly model: string;
  readonly version: string;
  readonly id: string | undefined;
  readonly outputs: readonly OutputTensor[];
}

/** Response as it is sent. */
export interface Written {
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** How many of its bytes are JSON, where others follow. */
  readonly headerLength?: number;
}

/**
 * Writes an inference response: JSON, and tensors in binary after it where they are wanted.
 *
 * @param response The response.
 *
 * @returns The body.
 */
export function writeInferResponse({ model, version, id, outputs }: InferResponse): Written {
  const head = { model_name: model, model_version: version, ...(id !== undefined && { id }) };
  const json = `${JSON.stringify(head).slice(0, -1)},"outputs":[${outputs.map(tensorText).join()}]}`;
  const parts = outputs.flatMap(({ bytes }) => bytes ?? []);
  if (!outputs.some(({ binary }) => binary)) return { body: json };
  const start = new TextEncoder().encode(json);
  const body = new Uint8Array(parts.reduce((sum, part) => sum + part.length, start.length));
  body.set(start);
  let at = start.length;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return { body, headerLength: start.length };
}

function tensorText({ name, datatype, shape, parameters, bytes, data }: OutputTensor): string {
  const own = { ...parameters, ...(bytes && { binary_data_size: bytes.length }) };
  const head = { name, datatype, shape, ...(Object.keys(own).length > 0 && { parameters: own }) };
  const text = JSON.stringify(head);
  return data === undefined ? text : `${text.slice(0, -1)},"data":${data}}`;
}
