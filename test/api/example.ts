import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { runtimes, start } from "../runtimes/runtime.ts";

/** Finds a file of the example of embedding. */
export const exampleFile = (file: string) =>
  fileURLToPath(new URL(`../../examples/embedding/${file}`, import.meta.url));

/**
 * Starts one of the servers in `examples/embedding` on a free port.
 *
 * @param file The file.
 * @param runtime What runs it.
 * @param options The folder of the model, and a path at which the server answers with 200 when it listens.
 *
 * @returns Where it listens, and how to stop it.
 */
export async function startExample(
  file: string,
  runtime: string,
  options: { readonly cwd: string; readonly path: string },
): Promise<{ readonly origin: string; stop(): Promise<void> }> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const command = [...(runtimes[runtime] ?? []), exampleFile(file)];
  const program = start(command, { cwd: options.cwd, env: { PORT: String(port) } });
  await listening(origin + options.path, program.finished);
  return {
    origin,
    async stop() {
      program.kill("SIGKILL");
      await program.finished;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Asks until somebody listens, or the program has ended. */
async function listening(url: string, ended: Promise<{ readonly stderr: string }>): Promise<void> {
  let end: { readonly stderr: string } | undefined;
  ended.then((finished) => {
    end = finished;
  });
  while (end === undefined) {
    if (
      await fetch(url)
        .then(({ ok }) => ok)
        .catch(() => false)
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(end.stderr);
}
