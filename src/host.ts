import type { Driver } from "unstorage";
import type { Logger } from "./log.ts";
import type { Json } from "./util/json.ts";

/**
 * What a runtime must be able to do for the core. The core opens no file, reads no environment variable, looks at
 * no clock and starts no server by itself: it asks its host.
 */
export interface Host {
  /** Where the core is running. */
  readonly runtime: RuntimeInfo;
  readonly log: Logger;
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Milliseconds since some moment, with fractions, for durations: it never goes back. `now` where there is none. */
  elapsed?(): number;
  /** The value of an environment variable or secret, if it is set. */
  env(name: string): string | undefined;
  /** The file system, where there is one. */
  readonly files?: Files;
  /** Where data can be beside files and web servers: what opens the URLs of each scheme, `s3:` with its colon. */
  readonly places?: Readonly<Record<string, OpenDataLocation>>;
  /**
   * Opens the storage behind a model store's location.
   *
   * @param location A URL (`file:`, `memory:`, `r2:`, ...).
   * @param options The rest of the `model_store` section, secrets filled in.
   *
   * @throws CONFIG_INVALID for a scheme that this runtime has no storage for.
   */
  openStorage(location: string, options: Readonly<Record<string, unknown>>): Driver | Promise<Driver>;
  /** Reads a file of the documentation page, such as `index.html`, where there are files; undefined if it is not there. */
  docsFile?(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Reads a file of the pages for people, such as `index.html`; undefined if it is not there. */
  pageFile?(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Databases that only this runtime reaches, by the scheme of their URL (`d1:`): functions that load an `SqlDialect`. */
  readonly dialects?: Readonly<Record<string, () => Promise<object>>>;
  /** What compresses files beside gzip and zip: functions that create it, by name (`zstd`). */
  readonly compressors?: Readonly<Record<string, () => TransformStream<Uint8Array, Uint8Array>>>;
  /** What the model is made of, where there are files. */
  describeModel?(): Promise<ModelOrigin>;
  /** Makes a response in the way that the runtime's server sends fastest. `new Response` unless told. */
  respond?(body: BodyInit | null, init: ResponseInit): Response;
  /** Imports a package that the user installed where a file is; undefined if it is not there. Rejects where it cannot be loaded. */
  importPackage?(name: string, from: URL): Promise<object | undefined>;
  /** The module `@opentelemetry/api`, if the user installed it. */
  openTelemetry?(): Promise<object | undefined>;
  /**
   * Whether there may be many of these at a time, of which none can be reached by itself: what is counted in one must be
   * sent away to be of use.
   */
  readonly isolated?: boolean;
  /**
   * Runs a command, where the runtime can, with a text at its standard input. Rejects when it does not end well, or not
   * within a minute.
   */
  run?(command: readonly string[], input: string): Promise<void>;
  /** Address of the caller, where the platform writes it into the request, and callers cannot. */
  callerAddress?(request: Request): string | undefined;
  /** The caller's certificate, where the platform checks it. */
  callerCertificate?(request: Request): CallerCertificate | undefined;
  /** Counter of a platform that counts for all of its instances; undefined if there is no binding of that name. */
  rateLimiter?(binding: string): RateLimiter | undefined;
  /** Queue of a platform, which brings messages to another instance; undefined if there is no binding of that name. */
  queue?(binding: string): MessageQueue | undefined;
  /** The other processes that serve the same API at the same port, where there are some. */
  readonly peers?: Peers;
}

/** Certificate of a caller. */
export interface CallerCertificate {
  /** Whether it is valid, and was issued by somebody who is trusted. */
  readonly verified: boolean;
  /** Distinguished name of its subject, `CN=shop,O=Example`. */
  readonly subject: string;
}

/** Counter of requests. */
export interface RateLimiter {
  /** Counts a request of a caller, and tells whether it is within the limit. */
  limit(options: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

/** Queue of messages. */
export interface MessageQueue {
  send(message: unknown, options?: { readonly delaySeconds?: number }): Promise<unknown>;
}

/** Processes that serve the same API at the same port: a request reaches any one of them. */
export interface Peers {
  /**
   * Joins the numbers of this process to those of the others.
   *
   * @param own Gives the text of `/metrics` of this process.
   *
   * @returns What gives the text of all of them together.
   */
  metrics(own: () => string): () => Promise<string>;
  /** Has the others look for a newer model, and resolves when they have. */
  refresh(): Promise<void>;
  /**
   * Joins what this process knows of something to what the others know, those that have ended included.
   *
   * @param topic Its name.
   * @param own Gives what this process knows; it may be told what the one who asks wants to know.
   *
   * @returns What gives the part of each process.
   */
  gather?(topic: string, own: (asked?: Json) => Json): (asked?: Json) => Promise<readonly Json[]>;
  /** Resolves with true for the first process that asks with this key, and with false for all others: only one does something. */
  claim?(key: string): Promise<boolean>;
}

/** What a model is made of, as it is written into its metadata. */
export interface ModelOrigin {
  /** The versions of the packages that are installed in the model's project, by name. */
  readonly packages: Readonly<Record<string, string>>;
  /** Its language, where the runtime leaves it to another. */
  readonly language?: { readonly name: string; readonly version: string };
  readonly code: {
    /** Of the model's module and its local imports; lower-case hexadecimal. */
    readonly sha256?: string;
    /** These files, relative to the folder of the module, sorted. */
    readonly files?: readonly string[];
    /** The commit that is checked out, and whether tracked files or the model's code differ from it. */
    readonly git?: { readonly commit: string; readonly dirty: boolean };
  };
}

/** A runtime, as it is written into a model's metadata. */
export interface RuntimeInfo {
  readonly name: "node" | "deno" | "bun" | "workerd" | (string & {});
  readonly version: string;
  /** Operating system and architecture, `linux-x64`. */
  readonly platform?: string;
  readonly host?: string;
  readonly user?: string;
}

/** Files by `file:` URL. Every method fails with DATA_UNAVAILABLE and a message that names the file. */
export interface Files {
  /** The folder that relative paths of a command line start from; ends with a slash. */
  readonly cwd: URL;
  /** The whole file. */
  read(url: URL): Promise<Uint8Array<ArrayBuffer>>;
  /** The file in chunks, as they are read. */
  stream(url: URL): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** The file, to read parts of it; undefined for what can only be read whole, such as a pipe. */
  parts(url: URL): Promise<Parts | undefined>;
  /**
   * Writes a file that appears whole or not at all, and the folders above it; or adds to its end. Links are followed, mode and owner
   * of what is there stay, and what is no ordinary file (a device, a pipe) is written to as it comes.
   */
  write(url: URL, data: Uint8Array | ReadableStream<Uint8Array>, options?: WriteOptions): Promise<void>;
  /** Whether there is a file (not a folder). */
  exists(url: URL): Promise<boolean>;
  /** What there is at a URL, links followed; undefined if nothing is, or nothing that can be read. */
  stat(url: URL): Promise<FileStat | undefined>;
  /**
   * Every file below a folder, links followed, by its path from there with slashes; DATA_UNAVAILABLE for a folder that is not there
   * or cannot be read. `enters` tells which names of files and folders are looked at, and how deep they are, from 0.
   */
  below?(url: URL, enters: (name: string, depth: number) => boolean): Promise<readonly string[]>;
  /** What is in a folder: files and folders, and no links. Nothing for a folder that cannot be read. */
  list?(url: URL): Promise<readonly { readonly name: string; readonly kind: FileStat["kind"] }[]>;
}

/** How a file is written. */
export interface WriteOptions {
  /** Whether to add to the end of what is there, instead of taking its place. Default: false. */
  readonly append?: boolean;
}

/** A file or a folder. */
export interface FileStat {
  readonly kind: "file" | "folder";
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly modified: number;
  /** Where it really is, when links are followed. */
  readonly real: URL;
}

/**
 * Finds the place that a URL names. Nothing is read yet.
 *
 * @throws CONFIG_INVALID for a URL or a setting that is not as it should be.
 */
export type OpenDataLocation = (url: URL, settings: LocationSettings) => DataLocation;

/** What stands beside the `path` of a source or sink. */
export interface LocationSettings {
  /** The entry below `datasources` or `datasinks`, secrets filled in. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** Where the entry stands (`launchpad.yml line 12`), for messages. */
  readonly where: string;
  /** How long to wait for an answer, in seconds. */
  readonly timeout: number;
  /** Whether the URL, which then ends with a slash, names a folder, of which nothing but `list` is asked. Default: false. */
  readonly isFolder?: boolean;
}

/** Where one file is. The messages of what its methods throw say why, and are shown after the name of the file. */
export interface DataLocation {
  /** The whole file, as it is read. */
  stream(signal?: AbortSignal): Promise<Content>;
  /** The file, to read parts of it; undefined where it can only be read whole. */
  parts?(signal?: AbortSignal): Promise<Parts | undefined>;
  /**
   * Every object of a folder, by its path from there. `enters` tells which names of files and folders are of interest, and how deep
   * they are, from 0: a place may look at more. Absent where there are no lists.
   */
  list?(enters: (name: string, depth: number) => boolean, signal?: AbortSignal): Promise<readonly string[]>;
  /** Writes the file, which appears whole or not at all. Without it, the place is read-only. */
  write?(data: ReadableStream<Uint8Array>, signal?: AbortSignal): Promise<void>;
  /** Writes the file unless there is one: whoever is first. Resolves with whether it was. Absent where that cannot be promised. */
  create?(data: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<boolean>;
  /** Removes the file, if it is there. Absent where nothing is removed. */
  remove?(signal?: AbortSignal): Promise<void>;
  /** How many bytes are there; undefined for nothing, and for what is no file, such as a pipe. Absent where nothing can be added. */
  size?(signal?: AbortSignal): Promise<number | undefined>;
  /** Adds to the end of the file. Absent where that cannot be done. */
  append?(data: ReadableStream<Uint8Array>, signal?: AbortSignal): Promise<void>;
}

/** The bytes of a file, and what is known of them. */
export interface Content {
  readonly bytes: ReadableStream<Uint8Array>;
  /** The media type that the place has for it. */
  readonly mediaType?: string | undefined;
  /** Whether the bytes may have been decompressed on the way, as `fetch` does with a Content-Encoding. */
  readonly mayBeDecoded?: boolean;
}

/** A file of which parts can be read. It fails when the file has changed in between. */
export interface Parts {
  /** The length of the file in bytes. */
  readonly size: number;
  /** The bytes from `start` up to, not including, `end`. */
  read(start: number, end: number, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}
