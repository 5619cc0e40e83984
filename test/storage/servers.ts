import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { programAt } from "../support/programs.ts";

/** A server that a test has started. */
export interface RunningServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** The keys that s3rver knows. */
export const s3Keys = { access_key_id: "S3RVER", secret_access_key: "S3RVER" } as const;

/** S3 answers a write when everybody can read it; s3rver 3.7.1 does so before its file is closed, or even truncated. */
const s3Consistent = `
  const fs = require("fs-extra");
  const closed = new Map();
  const { createWriteStream } = fs;
  fs.createWriteStream = (path, options) => {
    const stream = createWriteStream(path, options);
    closed.set(path, new Promise((resolve) => stream.once("close", resolve)));
    return stream;
  };
  const { prototype } = require("s3rver/lib/stores/filesystem");
  const { putObject } = prototype;
  prototype.putObject = async function (object) {
    const result = await putObject.call(this, object);
    await closed.get(this.getResourcePath(object.bucket, object.key, "object"));
    return result;
  };
`;

/**
 * Starts a server with the API of S3 over a temporary folder.
 *
 * @param bucket The bucket that it has.
 *
 * @returns The running server.
 */
export async function startS3(bucket: string): Promise<RunningServer> {
  const directory = await mkdtemp(join(tmpdir(), "launchpad-s3-"));
  const options = { address: "127.0.0.1", port: 0, silent: true, directory, configureBuckets: [{ name: bucket }] };
  const script = `${s3Consistent} new (require("s3rver"))(${JSON.stringify(options)}).run().then(({ port }) => console.log("port " + port))`;
  // Its continuation tokens are made with DES, which OpenSSL 3 has only when told.
  const { match, stop } = await startProgram(
    process.execPath,
    ["--openssl-legacy-provider", "-e", script],
    /port (\d+)/,
  );
  return {
    port: Number(match[1]),
    async stop() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a Redis server on a free port.
 *
 * @param options The password that it asks for, and a port that must be the one.
 *
 * @returns The running server; an error that says what to install when there is none.
 */
export async function startRedis(
  options: {
    readonly password?: string;
    readonly port?: number;
    /** Certificates for TLS instead of plain connections; the folder that `makeCertificates` made. */
    readonly certificates?: string;
    /** A socket of Unix to listen at as well. */
    readonly socket?: string;
  } = {},
): Promise<RunningServer> {
  const program = programAt("redis-server");
  const port = options.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), "launchpad-redis-"));
  const { certificates, socket } = options;
  const listen = certificates
    ? ["--port", "0", "--tls-port", `${port}`, ...certificateOptions(certificates)]
    : ["--port", `${port}`, ...(socket ? ["--unixsocket", socket] : [])];
  const args = [...listen, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
  const login = options.password ? ["--requirepass", options.password] : [];
  const { stop } = await startProgram(program, [...args, ...login], /Ready to accept connections/);
  return {
    port,
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const certificateOptions = (folder: string) => [
  ...["--tls-cert-file", join(folder, "server.crt"), "--tls-key-file", join(folder, "server.key")],
  ...["--tls-ca-cert-file", join(folder, "ca.crt"), "--tls-auth-clients", "yes"],
];

/**
 * Makes a certificate authority, and of it a server's and a client's certificate, with openssl.
 *
 * @param folder Where: `ca.crt`, `server.crt`, `server.key`, `client.crt`, `client.key`.
 */
export function makeCertificates(folder: string): void {
  const program = programAt("openssl");
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`openssl ${args.join(" ")}: ${stderr}`);
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", "/CN=Test authority");
  for (const name of ["server", "client"]) {
    const names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    openssl("req", ...key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`, ...names);
    const signer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-copy_extensions", "copy"];
    openssl("x509", "-req", "-in", `${name}.csr`, "-out", `${name}.crt`, "-days", "2", ...signer);
  }
}

/** Starts a program and waits for what it prints when it is ready. */
async function startProgram(program: string, args: readonly string[], ready: RegExp) {
  const folder = fileURLToPath(new URL("../..", import.meta.url));
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      printed += text;
      const found = ready.exec(printed);
      if (found) resolve(found);
    });
    ended.then(() => reject(new Error(`${program} does not start: ${printed}`)), reject);
  });
  return {
    match,
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** A web server, and what it was asked. */
export interface RunningWebServer extends RunningServer {
  readonly origin: string;
  readonly requests: IncomingMessage[];
}

/**
 * Starts a web server on a free port.
 *
 * @param answer Answers one request.
 *
 * @returns The running server.
 */
export async function startWeb(
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<RunningWebServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    void answer(request, response);
  });
  const { port } = await listening(server);
  return { port, origin: `http://127.0.0.1:${port}`, requests, stop: () => closed(server) };
}

/**
 * Starts a web server over the files of a folder, as any would serve them.
 *
 * @param folder The folder.
 * @param headersOf What it says of a file beside its length.
 *
 * @returns The running server.
 */
export function startFiles(
  folder: string,
  headersOf: (path: string) => Record<string, string> = () => ({}),
): Promise<RunningWebServer> {
  return startWeb(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    for (const [name, value] of Object.entries(headersOf(path))) response.setHeader(name, value);
    const file = await readFile(join(folder, path)).catch(() => undefined);
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    if (file && start !== undefined && end !== undefined) {
      const part = file.subarray(Number(start), Number(end) + 1);
      const range = `bytes ${start}-${Number(start) + part.length - 1}/${file.length}`;
      if (part.length > 0) response.writeHead(206, { "content-length": part.length, "content-range": range });
      else response.writeHead(416, { "content-range": `bytes */${file.length}` });
      response.end(part);
      return;
    }
    response.writeHead(file ? 200 : 404, { "content-length": file?.length ?? 0 });
    response.end(request.method === "HEAD" ? undefined : file);
  });
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  const { port } = await listening(server);
  server.close();
  await once(server, "close");
  return port;
}

async function listening(server: TcpServer): Promise<AddressInfo> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server.address() as AddressInfo;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}
