import { gzipSync } from "node:zlib";
import { freePort, startWeb } from "../../storage/servers.ts";

/**
 * Starts the servers that `test/contract/http-checks.ts` asks.
 *
 * @returns Their origins, and how to stop them.
 */
export async function startHttpCases() {
  const other = await startWeb((request, response) => void response.end(request.headers.authorization ?? "nothing"));
  const redirects: Record<string, string> = {
    "/moved": "/plain",
    "/to-file": "file:///etc/passwd",
    "/loop": "/loop",
    "/away": `${other.origin}/x`,
  };
  const web = await startWeb((request, response) => {
    const path = (request.url ?? "").replace(/\?.*/, "");
    const location = redirects[path];
    if (location !== undefined) response.writeHead(302, { location }).end();
    else if (path === "/plain") response.end("plain");
    else if (path === "/zipped") response.setHeader("content-type", "application/gzip").end(gzipSync("zipped"));
    else if (path === "/encoded.csv.gz") response.setHeader("content-encoding", "gzip").end(gzipSync("encoded"));
    else if (path === "/cut.gz") response.end(gzipSync("cut off".repeat(1000)).subarray(0, -10));
    else if (path === "/half") response.write("half");
    else if (path === "/403") response.writeHead(403).end();
    else if (path === "/broken") {
      response.writeHead(200, { "content-length": 1000 });
      response.write("half", () => response.destroy());
    }
  });
  return {
    origins: { origin: web.origin, other: other.origin, away: `http://127.0.0.1:${await freePort()}` },
    stop: () => Promise.all([web.stop(), other.stop()]),
  };
}
