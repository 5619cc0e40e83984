/** How each runtime serves a Fetch handler with nothing between: the end of a bare program, where `fetch` is the handler. */
const honoOnNode = `
  import { serve } from "@hono/node-server";
  serve({ fetch, hostname: "127.0.0.1", port: Number(process.env.PORT) });
`;
const bun = 'Bun.serve({ hostname: "127.0.0.1", port: Number(process.env.PORT), fetch });';
const deno =
  'Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT")), onListen() {} }, (request) => fetch(request));';
const workerd = "export default { fetch };";

/** Node's own server knows no Fetch: its bare program is one of its own. */
const node = `
  import http from "node:http";
  import { modelOf, orderColumns } from "./bare-model.ts";
  const predict = modelOf(contents);
  http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
    if (pathname !== "/iris/v0/varieties") return response.writeHead(404).end();
    const body = JSON.stringify(predict(orderColumns(Object.fromEntries(searchParams))));
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) }).end(body);
  }).listen(Number(process.env.PORT), "127.0.0.1");
`;

const withFetch = (file: string, rest: string) => `
  import { createFetch } from "./${file}";
  const fetch = createFetch(contents);
  ${rest}
`;

/** The bare programs, by runtime. `contents` is the stored model. */
export const barePrograms: Readonly<Record<string, Readonly<Record<"bare Hono" | "bare server", string>>>> = {
  Node: { "bare Hono": withFetch("bare-hono.ts", honoOnNode), "bare server": node },
  Bun: { "bare Hono": withFetch("bare-hono.ts", bun), "bare server": withFetch("bare-server.ts", bun) },
  Deno: { "bare Hono": withFetch("bare-hono.ts", deno), "bare server": withFetch("bare-server.ts", deno) },
  workerd: { "bare Hono": withFetch("bare-hono.ts", workerd), "bare server": withFetch("bare-server.ts", workerd) },
};
