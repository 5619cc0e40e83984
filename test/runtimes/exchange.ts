/** One request to the fixture, and what a caller can see of the answer. */
export interface Exchange {
  readonly request: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const form = { "content-type": "application/x-www-form-urlencoded" };
const json = { "content-type": "application/json" };

const multipart = { "content-type": "multipart/form-data; boundary=x" };
const field = (head: string, value: string) => `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
const file = field('name="file"; filename="é 🌷.csv"\r\nContent-Type: text/csv', "a,b\r\n1,2");

/** Requests that runtimes could answer differently. */
export const requests: readonly (RequestInit & { readonly path: string })[] = [
  { path: "/livez" },
  { path: "/readyz" },
  { path: "/openapi.json" },
  { path: "/fixture/v1/echo?number=0.1&integer=-12&text=%C3%A6%E6%97%A5&flag=TRUE&choice=red&many=1&many=2.50" },
  { path: "/fixture/v1/echo?number=1e-7" },
  { path: "/fixture/v1/echo" },
  { path: "/fixture/v1/echo?text=a+b%20c" },
  { path: "/fixture/v1/echo?number=x&integer=1.5&text=toolong&flag=maybe&choice=blue&many=1&many=y&unknown=1" },
  { path: "/fixture/v1/echo?number=-1000001&number=3" },
  { path: "/fixture/v1/echo?text=%E6%97%A5%" },
  { path: "/fixture/v1/echo", method: "POST", headers: form, body: "number=2.5&text=%C3%A6" },
  {
    path: "/fixture/v1/echo?text=hi",
    method: "POST",
    headers: json,
    body: '{"number":12345678901234567890,"many":[1,2]}',
  },
  { path: "/fixture/v1/echo", method: "POST", headers: json, body: '{"number":' },
  { path: "/fixture/v1/echo", method: "POST", headers: json, body: "[1]" },
  { path: "/fixture/v1/echo", method: "POST", headers: json, body: '{"__proto__":{"polluted":1},"constructor":2}' },
  { path: "/fixture/v1/echo", method: "POST", headers: { "content-type": "text/plain" }, body: "hello" },
  {
    path: "/fixture/v1/echo:batch",
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: '{"number":2.5,"text":"æ"}\n{"number":"x"}\n\n[',
  },
  { path: "/fixture/v1/echo:batch", method: "POST", headers: json, body: '[{"number":1},{"number":2' },
  { path: "/fixture/v1/sums?scale=2" },
  { path: "/fixture/v1/sums", method: "POST", headers: json, body: '{"scale":1e3}' },
  { path: "/fixture/v1/sums" },
  ...[
    `${file}${field('name="scale"', "2.5")}${field('name="more"; filename="../a\\"b.txt"', "--x")}--x--\r\n`,
    `${field('name="file"; filename="x.png"\r\nContent-Type: IMAGE/PNG', "png")}--x--`,
    `${field('name="scale"\r\nContent-Type: application/json', "3")}${file}--x--behind the end`,
    `${field('name="file"; filename="x.html"\r\nContent-Type: text/html', "<p>")}${field("name=scale", "x")}--x--`,
    `${field('name="file"; filename="x.csv"\r\nContent-Type: text/csv', "1".repeat(21))}--x--`,
    `${field('name="file"; filename=""\r\nContent-Type: application/octet-stream', "")}--x--`,
    `${file}--x`,
    `${file.slice(0, -3)}`,
    `${field('filename="x"', "1")}--x--`,
    "--x--",
    "",
  ].map((body) => ({ path: "/fixture/v1/uploads", method: "POST", headers: multipart, body })),
  { path: "/fixture/v1/uploads", method: "POST", headers: { "content-type": "multipart/form-data" }, body: file },
  { path: "/fixture/v1/uploads", method: "POST", headers: json, body: '{"file":"text"}' },
  { path: "/fixture/v1/failures?how=throw" },
  { path: "/fixture/v1/failures?how=unknown+source" },
  { path: "/fixture/v1/failures?how=function" },
  { path: "/fixture/v1/echo", method: "DELETE" },
  { path: "/fixture/v1/echo", method: "OPTIONS" },
  { path: "/fixture/v1/echo?number=1", method: "HEAD" },
  { path: "/fixture/v2/echo" },
  { path: "/nothing" },
];

/** The headers that the API is responsible for; dates, connections and lengths belong to the server. */
const compared = ["content-type", "allow", "retry-after", "x-request-id"];

/**
 * Sends every request.
 *
 * @param send Sends one request to the API at a path.
 *
 * @returns What came back, in order.
 */
export async function exchangeAll(send: (path: string, init: RequestInit) => Promise<Response>): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const [index, { path, ...init }] of requests.entries()) {
    const headers = { ...(init.headers as Record<string, string>), "x-request-id": `request-${index}` };
    const response = await send(path, { ...init, headers });
    exchanges.push({
      request: `${init.method ?? "GET"} ${path}`,
      status: response.status,
      headers: Object.fromEntries(
        compared.flatMap((name) => {
          const value = response.headers.get(name);
          return value === null ? [] : [[name, value]];
        }),
      ),
      body: await response.text(),
    });
  }
  return exchanges;
}
