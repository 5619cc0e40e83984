import type { ServedModels } from "../models/served-models.ts";
import type { ErrorForm } from "../problem.ts";
import type { Handlers } from "../request-context.ts";
import type { About, Shapes } from "./describe/shape.ts";

/** What protocols are made of: the models that are asked, and what the server is. */
export interface ProtocolServer {
  readonly models: ServedModels;
  /** Version of Launchpad. */
  readonly version: string;
  /** Reads an environment variable. */
  env(name: string): string | undefined;
  /** Resolves when a request would be answered. */
  ready(waitUntil: (task: Promise<unknown>) => void): Promise<void>;
  /** Token of those who may load and unload models; nobody may without it. */
  readonly adminToken?: string | undefined;
  /** Largest body, in bytes, of a request that does not say at its path which model it is for. */
  readonly maxBytes: number;
  /** Origins whose pages may ask, of `api.cors`. */
  readonly origins: readonly string[];
  /** Whether an address is that of a proxy that is trusted. */
  readonly isProxy?: ((address: string | undefined) => boolean) | undefined;
  /** Makes a response; `new Response` unless told. */
  respond?: ((body: BodyInit | null, init: ResponseInit) => Response) | undefined;
}

/** Handlers of a path, as a protocol has them. */
export interface ProtocolPath {
  /** The path with its parameters, `/v2/models/{model}/infer`. */
  readonly path: string;
  readonly handlers: Handlers;
  /** What is done by each method, for documents. */
  about?(shapes: Shapes): Readonly<Record<string, About>>;
  /** Whether it is a model that answers. */
  readonly predicts: boolean;
  /** Whether it asks for a token of its own, such as that of the admin paths: nothing else is asked for then. */
  readonly asksItself?: boolean;
  /** Whether the body names the model that is asked, so that it is not known yet who may ask it. */
  readonly modelInBody?: boolean;
}

/** Protocol in which callers ask models by name: a pure table of paths, which holds nothing. */
export interface Protocol {
  /** Name in `api.protocols`. */
  readonly name: string;
  /** What it is, for people. */
  readonly title: string;
  readonly errors: ErrorForm;
  /** What all paths below are the protocol's, so that what is not found there is said in its form: `/v2/`. */
  readonly below?: string;
  /** Creates the paths. */
  paths(server: ProtocolServer): readonly ProtocolPath[];
}
