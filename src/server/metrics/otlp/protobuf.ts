/** How a value is written: fixed64 and packed lists of it are texts of digits in JSON. */
type Kind = "text" | "double" | "fixed64" | "varint" | "doubles" | "fixed64s" | Message;

/** Message of Protocol Buffers: number and kind of each field, by its name in JSON. A list of values repeats its field. */
interface Message {
  readonly [name: string]: readonly [number: number, kind: Kind];
}

const attributes: Message = { key: [1, "text"], value: [2, { stringValue: [1, "text"] }] };

const numberPoint: Message = {
  startTimeUnixNano: [2, "fixed64"],
  timeUnixNano: [3, "fixed64"],
  asDouble: [4, "double"],
  attributes: [7, attributes],
};

const histogramPoint: Message = {
  startTimeUnixNano: [2, "fixed64"],
  timeUnixNano: [3, "fixed64"],
  count: [4, "fixed64"],
  sum: [5, "double"],
  bucketCounts: [6, "fixed64s"],
  explicitBounds: [7, "doubles"],
  attributes: [9, attributes],
};

const metric: Message = {
  name: [1, "text"],
  description: [2, "text"],
  unit: [3, "text"],
  gauge: [5, { dataPoints: [1, numberPoint] }],
  sum: [7, { dataPoints: [1, numberPoint], aggregationTemporality: [2, "varint"], isMonotonic: [3, "varint"] }],
  histogram: [9, { dataPoints: [1, histogramPoint], aggregationTemporality: [2, "varint"] }],
};

/**
 * The messages that a request is made of.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/v1.7.0/opentelemetry/proto/metrics/v1/metrics.proto
 */
const request: Message = {
  resourceMetrics: [
    1,
    {
      resource: [1, { attributes: [1, attributes] }],
      scopeMetrics: [2, { scope: [1, { name: [1, "text"], version: [2, "text"] }], metrics: [2, metric] }],
    },
  ],
};

/**
 * Writes a request of OTLP as Protocol Buffers.
 *
 * @param value The request in its JSON form, as `otlpRequest` makes it.
 *
 * @returns The bytes.
 */
export function otlpBytes(value: object): Uint8Array<ArrayBuffer> {
  return new Uint8Array(messageBytes(request, value as Fields));
}

type Fields = Readonly<Record<string, unknown>>;

function messageBytes(message: Message, value: Fields): number[] {
  const bytes: number[] = [];
  for (const [name, field] of Object.entries(value)) {
    const known = message[name];
    if (known === undefined) throw new Error(`no field ${name} in a message of OTLP`);
    const [number, kind] = known;
    const isPacked = kind === "doubles" || kind === "fixed64s";
    for (const item of Array.isArray(field) && !isPacked ? field : [field])
      append(bytes, fieldBytes(number, kind, item));
  }
  return bytes;
}

/** Wire types: what follows is a varint, eight bytes, or a length and so many bytes. */
const wire = { varint: 0, eight: 1, length: 2 } as const;

function fieldBytes(number: number, kind: Kind, value: unknown): number[] {
  const tagged = (type: number, body: readonly number[]) => append(varint(number * 8 + type), body);
  const sized = (body: readonly number[]) => tagged(wire.length, append(varint(body.length), body));
  if (typeof kind === "object") return sized(messageBytes(kind, value as Fields));
  if (kind === "text") return sized([...new TextEncoder().encode(String(value))]);
  if (kind === "varint") return tagged(wire.varint, varint(Number(value)));
  if (kind === "double") return tagged(wire.eight, double(Number(value)));
  if (kind === "fixed64") return tagged(wire.eight, fixed64(String(value)));
  const items = value as readonly unknown[];
  return sized(items.flatMap((item) => (kind === "doubles" ? double(Number(item)) : fixed64(String(item)))));
}

function append(bytes: number[], more: readonly number[]): number[] {
  for (const byte of more) bytes.push(byte);
  return bytes;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return append(bytes, [rest]);
}

const view = new DataView(new ArrayBuffer(8));
const eightBytes = () => [...new Uint8Array(view.buffer)];

function double(value: number): number[] {
  view.setFloat64(0, value, true);
  return eightBytes();
}

function fixed64(digits: string): number[] {
  view.setBigUint64(0, BigInt(digits), true);
  return eightBytes();
}
