import { type Files, type Host, openLocation } from "../../../src/internal.ts";

/**
 * Files of a project that is at a URL: what is there is read, and never written; files of this machine are as they were.
 *
 * @param host What the runtime can do.
 *
 * @returns The same host, which reads URLs, too.
 */
export function withRemoteFiles(host: Host): Host {
  const { files } = host;
  if (files === undefined) return host;
  const remote: Files = {
    ...files,
    async read(url) {
      if (url.protocol === "file:") return files.read(url);
      const location = openLocation({
        name: url.href,
        entry: { path: url.href, type: "project", compression: "none" },
        where: url.href,
        host,
      });
      return new Uint8Array(await new Response(await location.stream()).arrayBuffer());
    },
  };
  return { ...host, files: remote };
}
