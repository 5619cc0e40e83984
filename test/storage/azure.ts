import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { createAzureClient, readAzureAccount } from "../../runtimes/azure/client.ts";
import { freePort, type RunningServer } from "./servers.ts";

/** The account that Azurite knows (https://learn.microsoft.com/azure/storage/common/storage-use-azurite). */
export const azureKeys = {
  account_name: "devstoreaccount1",
  account_key: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
} as const;

const program = fileURLToPath(new URL("../../node_modules/azurite/dist/src/blob/main.js", import.meta.url));

/** A server with the API of Azure Blob Storage. */
export interface RunningAzure extends RunningServer {
  readonly endpoint: string;
}

/**
 * Starts Azurite over a temporary folder.
 *
 * @param containers The containers that it has.
 *
 * @returns The running server.
 */
export async function startAzure(...containers: readonly string[]): Promise<RunningAzure> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-azure-"));
  const port = await freePort();
  const args = ["--silent", "--location", folder, "--blobPort", String(port)];
  const child = spawn(process.execPath, [program, "--blobHost", "127.0.0.1", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  await new Promise<void>((resolve, reject) => {
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      printed += text;
      if (/successfully listens/i.test(printed)) resolve();
    });
    ended.then(() => reject(new Error(`Azurite does not start: ${printed}`)), reject);
  });
  const endpoint = `http://127.0.0.1:${port}/${azureKeys.account_name}`;
  const settings: Record<string, string> = { ...azureKeys, endpoint };
  for (const container of containers) {
    const at = () => "test";
    const account = readAzureAccount(container, { text: (name) => settings[name], env: () => undefined, at });
    const { send, urlOf } = createAzureClient(container, account);
    await send("PUT", urlOf("", { restype: "container" }), (response) => response.text());
  }
  return {
    port,
    endpoint,
    async stop() {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
