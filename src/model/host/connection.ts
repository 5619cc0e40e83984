import { isLaunchpadError, LaunchpadError, messageOf } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import type { Child, StartChild } from "./child.ts";
import { createMessageReader, encodeMessage, type Message } from "./message.ts";
import { createOutputLog } from "./output.ts";

/** Version of the host protocol that is spoken here. */
export const protocolVersion = 1;

/** What a child says of itself. */
export interface Hello {
  readonly language: string;
  /** Version of the language: "3.13.0". */
  readonly version: string;
  /** Functions that the module has: train, test, predict, predict_batch. */
  readonly functions: readonly string[];
  /** Form of the module: that of ML Launchpad, or plain functions. */
  readonly form: string;
}

/** Answer of whoever is asked by a child. */
export interface Answer {
  readonly header: object;
  readonly buffers?: readonly Uint8Array[];
}

/** Handler of what a child asks for, or tells, while it computes. Undefined: there is nothing to answer. */
export type Handler = (message: Message) => Promise<Answer | undefined> | Answer | undefined;

/** Connection to one child, which does one thing at a time. */
export interface Connection {
  readonly hello: Hello;
  /**
   * Has the child do something.
   *
   * @throws HostedError for what its code throws; HOST_FAILED when it ends meanwhile; what `handle` threw, if the code let it
   *   pass.
   */
  call(header: object, buffers?: readonly Uint8Array[], handle?: Handler): Promise<Message>;
  /** Ends the child at once; what it does fails with HOST_FAILED and this reason. */
  kill(reason: string): void;
  /** Ends the child when it is done. */
  close(): Promise<void>;
  /** Whether it can still be called. */
  alive(): boolean;
  /** Resolves when the child has ended, with how. */
  readonly ended: Promise<string>;
}

/** How a connection is made. */
export interface ConnectOptions {
  readonly start: StartChild;
  /** What the child is to load and with which settings, besides the version. */
  readonly hello: object;
  /** Name of the language, for messages: "Python". */
  readonly title: string;
  readonly log: Logger;
  /** Milliseconds of a clock that never goes back. */
  elapsed(): number;
  /** What to say of a child that could not begin, by what it printed: where a package is missing, how to install it. */
  readonly explain?: (how: string, output: string) => string | undefined;
}

/** Error that the code of a model threw in its own language. */
export class HostedError extends Error {
  /**
   * Creates an error.
   *
   * @param kind Its class there: "ValueError".
   * @param message Its text.
   * @param place File and line of the model's code, if known.
   * @param traceback Where it was thrown, as the language shows it.
   */
  constructor(kind: string, message: string, place: string | undefined, traceback: string) {
    super(place === undefined ? message : `${message} (${place})`);
    this.name = kind;
    this.stack = traceback;
  }
}

/** A child that says nothing for so long while it starts is given up, in milliseconds. */
const maxStart = 180_000;
/** So long may a child take to end by itself. */
const maxClose = 5000;

/**
 * Starts a child and greets it.
 *
 * @param options How.
 *
 * @returns The connection.
 *
 * @throws HOST_FAILED when the child cannot be started, ends, or speaks another version; MODULE_INVALID when it cannot load
 *   the module.
 */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { start, title, log } = options;
  let how: string | undefined;
  let current: Current | undefined;
  let onEnded: (how: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    onEnded = resolve;
  });
  const output = createOutputLog((line) => log.info(line), options.elapsed);

  const failed = (reason: string, cause?: unknown) =>
    new LaunchpadError("HOST_FAILED", `[model] the ${title} process of the model ${reason}`, { cause });
  const end = (reason: string) => {
    if (how !== undefined) return;
    how = reason;
    const call = current;
    current = undefined;
    call?.reject(failed(`ended ${reason}${call.what === "hello" ? "" : ` while it was to ${call.what}`}`));
    onEnded(reason);
  };
  const kill = (reason: string) => {
    end(reason);
    child.kill();
  };

  const onMessage = (message: Message) => {
    const { type } = message.header;
    if (type === "log") return logRecord(log, message.header);
    if (current === undefined) return kill("because it spoke without being asked");
    if (type === "result" || type === "error") {
      const call = current;
      current = undefined;
      if (type === "result") call.resolve(message);
      else call.reject(call.failures.get(Number(message.header.failure)) ?? hostedError(message.header));
      return undefined;
    }
    return void answer(current, message);
  };
  const answer = async (call: Current, message: Message) => {
    let reply: Answer | undefined;
    try {
      reply = await call.handle?.(message);
    } catch (error) {
      call.failures.set(call.failures.size, error);
      const code = isLaunchpadError(error) ? error.code : "INTERNAL";
      reply = { header: { type: "failure", failure: call.failures.size - 1, code, message: messageOf(error) } };
    }
    if (reply && current === call) await child.write(encodeMessage(reply.header, reply.buffers));
  };
  const reader = createMessageReader(onMessage);
  const child: Child = start({
    onBytes(bytes) {
      if (how !== undefined) return;
      try {
        reader.push(bytes);
      } catch (error) {
        kill(`because of what it sent: ${messageOf(error)}`);
      }
    },
    onOutput: output.push,
    onEnd: end,
  });

  const call: Connection["call"] = async (header, buffers, handle) => {
    if (how !== undefined) throw failed(`has ended ${how}`);
    const what = String((header as { type?: unknown }).type);
    if (current)
      throw new LaunchpadError("INTERNAL", `a process of the model was to ${what} while it was to ${current.what}`);
    const answered = new Promise<Message>((resolve, reject) => {
      current = { what, resolve, reject, handle, failures: new Map() };
    });
    // Whoever waits learns of it from the answer.
    const written = child.write(encodeMessage(header, buffers));
    if (written) written.catch(() => {});
    return answered;
  };

  const late = setTimeout(() => kill(`because it did not start within ${maxStart / 1000} seconds`), maxStart);
  try {
    const { header } = await call({ type: "hello", version: protocolVersion, ...options.hello });
    if (header.version !== protocolVersion) {
      kill(`because it speaks version ${String(header.version)} of the host protocol, expected ${protocolVersion}`);
      throw failed(`speaks version ${String(header.version)} of the host protocol, expected ${protocolVersion}`);
    }
    return {
      hello: header.hello as Hello,
      call,
      kill,
      alive: () => how === undefined,
      ended,
      async close() {
        if (how !== undefined) return;
        const forced = setTimeout(() => kill("because it did not end by itself"), maxClose);
        if (current === undefined) void child.write(encodeMessage({ type: "close" }));
        else kill("because it is no longer needed");
        await ended;
        clearTimeout(forced);
      },
    };
  } catch (error) {
    const explained = how === undefined ? undefined : options.explain?.(how, output.tail());
    kill("because it could not begin");
    throw explained === undefined ? error : new LaunchpadError("HOST_FAILED", explained, { cause: error });
  } finally {
    clearTimeout(late);
  }
}

/** What a child does at the moment. */
interface Current {
  readonly what: string;
  readonly resolve: (message: Message) => void;
  readonly reject: (error: unknown) => void;
  readonly handle: Handler | undefined;
  /** Errors that the code of the model was told of, and may let pass. */
  readonly failures: Map<number, unknown>;
}

function hostedError(header: Message["header"]): Error {
  const { kind, message, place, traceback, code } = header;
  // What the child itself finds wrong, and not the code of the model.
  if (code === "MODULE_INVALID" || code === "CODEC_FAILED" || code === "DATA_INVALID" || code === "CONFIG_INVALID") {
    return new LaunchpadError(code, String(message));
  }
  const at = typeof place === "string" ? place : undefined;
  return new HostedError(String(kind), String(message), at, String(traceback ?? ""));
}

function logRecord(log: Logger, { level, message }: Message["header"]): undefined {
  const known = level === "debug" || level === "info" || level === "warning" || level === "error" ? level : "info";
  log[known](String(message));
  return undefined;
}
