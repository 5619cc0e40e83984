import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));
const npm = (args: readonly string[]) => promisify(execFile)("npm", [...args], { cwd: root });

/** A registry of npm packages on this machine that knows one package more than the one it stands in front of. */
export interface Registry {
  readonly url: string;
  /** Environment variables that make npm, Bun and Deno use it, with caches of their own. */
  readonly env: Record<string, string>;
  /** The packed tarball. */
  readonly tarball: string;
  stop(): Promise<void>;
}

/**
 * Packs this package and starts a registry that has it, so that `npx launchpad`, `bunx launchpad` and `deno run
 * npm:mllaunchpad` run what would be published. Every other package comes from the registry that npm is set up with.
 *
 * @returns The registry.
 */
export async function startRegistry(): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), "launchpad-registry-"));
  const [packed] = JSON.parse((await npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder])).stdout);
  const tarball = join(folder, packed.filename);
  const bytes = await readFile(tarball);
  const upstream = (await npm(["config", "get", "registry"])).stdout.trim().replace(/\/?$/, "/");
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

  const server = createServer((request, response) => {
    const path = (request.url ?? "/").slice(1);
    if (path === manifest.name) {
      const dist = {
        tarball: `${url}/${manifest.name}/-/${packed.filename}`,
        integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
        shasum: createHash("sha1").update(bytes).digest("hex"),
      };
      const { devDependencies: _, scripts: __, ...published } = manifest;
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          name: manifest.name,
          "dist-tags": { latest: manifest.version },
          versions: { [manifest.version]: { ...published, _id: `${manifest.name}@${manifest.version}`, dist } },
        }),
      );
    } else if (path.startsWith(`${manifest.name}/-/`)) {
      response.end(bytes);
    } else {
      response.writeHead(307, { location: new URL(path, upstream).href }).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    tarball,
    env: {
      npm_config_registry: url,
      NPM_CONFIG_REGISTRY: url,
      BUN_CONFIG_REGISTRY: url,
      npm_config_cache: join(folder, "npm"),
      BUN_INSTALL_CACHE_DIR: join(folder, "bun"),
      DENO_DIR: join(folder, "deno"),
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
