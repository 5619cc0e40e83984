import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressToServe } from "../../runtimes/process/container-address.ts";
import { publishedCli, run, runtimes, start } from "../runtimes/runtime.ts";

const node = runtimes.Node ?? [];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-containers-"));
  await cp(fileURLToPath(new URL("project", import.meta.url)), folder, { recursive: true });
  await writeFile(join(folder, "protocols.yml"), "api: { protocols: [sagemaker, vertex] }\n");
  const trained = await run([...command, "train"], { cwd: folder });
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const command = [...node, publishedCli, "-c", "launchpad.yml", "-c", "protocols.yml"];

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("where a container listens", () => {
  const address = (protocols: string[], env: Record<string, string> = {}, isContainer = false, asked = {}) => {
    const { host, port } = addressToServe(asked, protocols, (name) => env[name], isContainer);
    return `${host}:${port}`;
  };

  it("is where the platform asks, unless the command line says another place", () => {
    expect(address([])).toBe("127.0.0.1:5000");
    expect(address(["oip"], { SAGEMAKER_BIND_TO_PORT: "9", AIP_HTTP_PORT: "9" })).toBe("127.0.0.1:5000");
    expect(address(["sagemaker"])).toBe("127.0.0.1:8080");
    expect(address(["sagemaker"], {}, true)).toBe("0.0.0.0:8080");
    expect(address(["sagemaker"], { SAGEMAKER_BIND_TO_PORT: "9000" })).toBe("0.0.0.0:9000");
    expect(address(["vertex"], { AIP_HTTP_PORT: "8081" })).toBe("0.0.0.0:8081");
    expect(address(["sagemaker", "vertex"], { AIP_HTTP_PORT: "8081" }, true, { host: "::", port: 1 })).toBe(":::1");
  });

  it("is refused where a variable holds no port, and where SageMaker would not be answered", () => {
    expect(() => address(["vertex"], { AIP_HTTP_PORT: "http" })).toThrow('AIP_HTTP_PORT: found "http"');
    expect(() => address(["sagemaker"], { SAGEMAKER_BIND_TO_PORT: "70000" })).toThrow("from 0 to 65535");
    expect(() => address(["oip"], {}, true)).toThrow("add sagemaker to api.protocols");
  });

  it.each([["serve"], ["serve", "--workers", "2"]])(
    "is found by %s %s %s, which SIGTERM ends in time",
    async (...args) => {
      const port = await freePort();
      const env = { SAGEMAKER_BIND_TO_PORT: String(port) };
      const server = start([...command, ...args], { cwd: folder, env, group: true });
      try {
        const [said = ""] = await server.printed(/Serving.*/);
        expect(said).toContain(`:${port}/`);
        expect((await fetch(`http://127.0.0.2:${port}/ping`)).status).toBe(200);
        server.kill("SIGTERM");
        expect(await server.finished).toMatchObject({ code: 0 });
      } finally {
        server.kill("SIGKILL");
      }
    },
  );
});
