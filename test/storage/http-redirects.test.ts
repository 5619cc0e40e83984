import { afterEach, describe, expect, it } from "vitest";
import { createHost } from "../../runtimes/node.ts";
import { type RunningWebServer, startWeb } from "./servers.ts";

const { openStorage } = createHost();
const servers: RunningWebServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function web(answer: Parameters<typeof startWeb>[0]): Promise<RunningWebServer> {
  const server = await startWeb(answer);
  servers.push(server);
  return server;
}

const key = "iris:1.0.0:current.json";
const secrets = { headers: { "x-api-key": "SECRET-OF-STORE", authorization: "Bearer SECRET-OF-STORE" } };
const redirectTo = (location: string) =>
  web((_, response) => {
    response.writeHead(302, { location }).end();
  });
const sees = (server: RunningWebServer) => server.requests.map(({ headers }) => JSON.stringify(headers)).join("\n");

describe("a model store behind a web server that redirects", () => {
  it.each([301, 302, 303, 307, 308])("sends no header of the configuration to another server: %i", async (status) => {
    const other = await web((_, response) => void response.end("there"));
    const first = await web((_, response) => {
      response.writeHead(status, { location: `${other.origin}/x` }).end();
    });
    const storage = await openStorage(`${first.origin}/store`, secrets);
    expect(new TextDecoder().decode((await storage.getItemRaw?.(key, {})) as Uint8Array)).toBe("there");
    expect(sees(first)).toContain("SECRET-OF-STORE");
    expect(other.requests).toHaveLength(1);
    expect(sees(other)).not.toContain("SECRET-OF-STORE");
  });

  it("sends them on to the same server, and not again to it by way of another", async () => {
    const same = await web((request, response) => {
      if (request.url?.startsWith("/moved")) response.end("there");
      else response.writeHead(307, { location: "/moved" }).end();
    });
    const storage = await openStorage(`${same.origin}/store`, secrets);
    await storage.getItemRaw?.(key, {});
    expect(same.requests.map(({ headers }) => headers["x-api-key"])).toEqual(["SECRET-OF-STORE", "SECRET-OF-STORE"]);

    const back = await redirectTo(`${same.origin}/moved/back`);
    const away = await redirectTo(`${back.origin}/`);
    await (await openStorage(`${away.origin}/store`, secrets)).getItemRaw?.(key, {});
    expect(same.requests.at(-1)?.headers["x-api-key"]).toBeUndefined();
  });

  it.each(["file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/plain,x"])(
    "does not follow to %s",
    async (location) => {
      const first = await redirectTo(location);
      const storage = await openStorage(`${first.origin}/store`, secrets);
      await expect(storage.getItemRaw?.(key, {})).rejects.toThrow(/redirects to .*, which is refused/);
    },
  );

  it("does not follow to the services of a cloud's machine", async () => {
    const first = await redirectTo("http://169.254.169.254/latest/meta-data");
    const storage = await openStorage(`${first.origin}/store`, secrets);
    await expect(storage.getItemRaw?.(key, {})).rejects.toThrow(
      /redirects to 169\.254\.169\.254, a private address, which is refused/,
    );
  });

  it("gives up where it leads in a circle", async () => {
    const circle: RunningWebServer = await web((_, response) => {
      response.writeHead(302, { location: "/again" }).end();
    });
    const storage = await openStorage(`${circle.origin}/store`, secrets);
    await expect(storage.getItemRaw?.(key, {})).rejects.toThrow("redirects more than 10 times");
  });
});

describe("a model store behind a web server that sends too much", () => {
  it("reads no more than it may, of what describes a model and of its contents", async () => {
    const endless = await web(async (_, response) => {
      while (!response.destroyed) {
        response.write(Buffer.alloc(2 ** 20));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const storage = await openStorage(`${endless.origin}/store`, { max_bytes: 5_000_000 });
    for (const name of [key, "iris:1.0.0:run:contents"]) {
      await expect(storage.getItemRaw?.(name, {})).rejects.toThrow(
        /has more than 5000000 bytes.*model_store\.max_bytes/,
      );
    }
    const generous = await openStorage(`${endless.origin}/store`, {});
    await expect(generous.getItemRaw?.(key, {})).rejects.toThrow("has more than 67108864 bytes");
  });
});
