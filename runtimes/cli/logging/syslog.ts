import process from "node:process";
import { messageOf } from "../../../src/internal.ts";
import type { LineSink } from "./line-sink.ts";

/** Server of syslog, and what a line says besides. */
export interface SyslogOptions {
  readonly address: readonly [string, number];
  readonly facility: number;
  readonly socktype: string;
  readonly ident: string;
  readonly append_nul: boolean;
}

/** Severity of RFC 5424, by the level that a record has at least. */
const severities = [
  [50, 2],
  [40, 3],
  [30, 4],
  [20, 6],
  [0, 7],
] as const;

/** Sends what is given to a server. */
interface Line {
  send(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/**
 * Opens a connection to a server of syslog, as Python's SysLogHandler speaks to it.
 *
 * @param options The server.
 *
 * @returns The place for lines. A server that cannot be reached is told of once.
 */
export function openSyslog({ address, facility, socktype, ident, append_nul }: SyslogOptions): LineSink {
  const [host, port] = address;
  let told = false;
  const onError = (error: unknown) => {
    if (!told) process.stderr.write(`launchpad: syslog at ${host}:${port} cannot be reached: ${messageOf(error)}\n`);
    told = true;
  };
  let line: Line | undefined;
  return {
    write(text, level) {
      const severity = severities.find(([least]) => level >= least)?.[1] ?? 7;
      const message = `<${facility * 8 + severity}>${ident}${text.trimEnd()}${append_nul ? "\0" : ""}`;
      line ??= socktype.endsWith("STREAM") ? openStream(host, port, onError) : openDatagrams(host, port, onError);
      line.send(new TextEncoder().encode(message));
    },
    close: () => line?.close(),
  };
}

function openDatagrams(host: string, port: number, onError: (error: unknown) => void): Line {
  // Only here: other commands need no sockets.
  const { createSocket } = process.getBuiltinModule("node:dgram");
  const socket = createSocket({ type: host.includes(":") ? "udp6" : "udp4" });
  socket.on("error", onError);
  socket.unref();
  const sent = new Set<Promise<void>>();
  return {
    send(bytes) {
      const sending = new Promise<void>((resolve) => {
        socket.send(bytes, port, host, (error) => {
          if (error) onError(error);
          resolve();
        });
      });
      sent.add(sending);
      void sending.then(() => sent.delete(sending));
    },
    async close() {
      await Promise.all(sent);
      socket.close();
    },
  };
}

function openStream(host: string, port: number, onError: (error: unknown) => void): Line {
  const { connect } = process.getBuiltinModule("node:net");
  const socket = connect(port, host);
  socket.on("error", onError);
  socket.unref();
  return {
    send: (bytes) => void socket.write(bytes),
    close: () =>
      new Promise<void>((resolve) => {
        if (socket.destroyed) return resolve();
        socket.once("close", () => resolve());
        socket.ref();
        socket.end();
      }),
  };
}
