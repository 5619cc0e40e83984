import { LaunchpadError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import type { Args, Metrics, Model, ModelContext, TrainContext } from "../define.ts";
import { callForRun } from "./call-for-run.ts";
import { createCallbacks } from "./callbacks.ts";
import { type Connection, type ConnectOptions, connect } from "./connection.ts";
import { checkPickle, type HostContents, type PicklePolicy, readContents } from "./contents.ts";
import type { Message } from "./message.ts";
import { createPool, type Pool } from "./pool.ts";
import { predictTogether } from "./predictions.ts";
import { groupOf, type Waiting } from "./queue.ts";
import { unpackValue } from "./value.ts";
import { createWorkbench } from "./workbench.ts";

/** What a model in another language is made of. */
export interface HostModelOptions extends Omit<ConnectOptions, "log"> {
  /** Name of the language in contents: `python`. */
  readonly language: string;
  readonly log: Logger;
  /** So many children predict at a time. */
  readonly processes: number;
  readonly batch: { readonly max_rows: number; readonly max_delay_ms: number };
  /** So long may a prediction take, in milliseconds. */
  readonly timeout: number | undefined;
  readonly pickle: PicklePolicy;
  /** Whether a first child is started when there is something to do, and not at once. */
  readonly lazily?: boolean;
}

/** Model in another language. */
export interface HostModel {
  readonly model: Model;
  /** Asks a child something that is none of the functions of a model: what it is made of. */
  ask(header: object, buffers?: readonly Uint8Array[]): Promise<Message>;
  /**
   * Has the child that trains and tests do something, when it has done what came before.
   *
   * @throws MODULE_INVALID if the module lacks a function that is needed; HOST_FAILED when the child cannot begin.
   */
  use<T>(needed: string | undefined, task: (child: Connection) => Promise<T>): Promise<T>;
  /** Ends the processes of the model. */
  close(): Promise<void>;
}

/** Requests that were sent before a swap have a moment to come, in milliseconds. */
const grace = 2000;

/**
 * Creates a model whose functions are called in child processes: one that trains and tests, and a pool for contents that serve.
 * A first child is started at once, because to import libraries takes a while.
 *
 * @param options How children are started, and how many.
 *
 * @returns The model.
 */
export function createHostModel(options: HostModelOptions): HostModel {
  const { log, language, title } = options;
  const pools = new Map<HostContents, Pool>();
  const closing = new Set<Promise<void>>();
  let warned = false;
  let writes = false;
  const predictBy = (model: number) => (child: Connection, together: readonly Waiting[]) =>
    predictTogether(child, together, {
      timeout: options.timeout,
      model,
      onWrite() {
        if (!writes) log.info("predict_batch writes to a sink: each row is predicted, and written, by itself");
        writes = true;
      },
    });
  let first: Promise<Connection> | undefined = options.lazily ? undefined : connect(options);
  first?.catch(() => {});

  const connectNew = async (): Promise<Connection> => {
    const early = first;
    first = undefined;
    const connection = await (early ?? connect(options));
    return connection.alive() ? connection : connect(options);
  };
  const load = async (child: Connection, contents: HostContents, model: number) => {
    checkPickle(contents, options.pickle, (message) => {
      if (!warned) log.warning(message);
      warned = true;
    });
    await child.call({ type: "load", model }, [contents.bytes]);
  };
  const workbench = createWorkbench({ connect: connectNew, load });

  const openPool = (contents: HostContents): Pool =>
    createPool({
      size: options.processes,
      async connect() {
        const child = await connectNew();
        try {
          await load(child, contents, 1);
          return child;
        } catch (error) {
          await child.close();
          throw error;
        }
      },
      predict: predictBy(1),
      maxRows: ({ hello }) => (hello.functions.includes("predict_batch") && !writes ? options.batch.max_rows : 1),
      maxDelay: options.batch.max_delay_ms,
      gently: pools.size > 0,
      log,
      elapsed: options.elapsed,
    });
  const closePool = (contents: HostContents) => {
    const pool = pools.get(contents);
    if (pool === undefined) return undefined;
    pools.delete(contents);
    const done = pool.close().finally(() => closing.delete(done));
    closing.add(done);
    return done;
  };

  const train = (run: TrainContext): Promise<HostContents> => {
    const previous = isContents(run.previous) ? [run.previous] : [];
    return workbench.use(previous, async (child, [model]) => {
      needs(child, "train");
      const header = { type: "train", ...(model !== undefined && { previous: model }) };
      const { buffers } = await callForRun(child, run, header, createCallbacks(run));
      const [bytes] = buffers;
      if (bytes === undefined) throw new LaunchpadError("HOST_FAILED", "[model] train sent no contents");
      const contents = readContents(bytes, language);
      if (options.pickle === "refuse") checkPickle(contents, "refuse", () => {});
      return contents;
    });
  };
  const test = (contents: HostContents, run: ModelContext): Promise<Metrics> =>
    workbench.use([contents], async (child, [model]) => {
      needs(child, "test");
      const { header, buffers } = await callForRun(child, run, { type: "test", model }, createCallbacks(run));
      return unpackValue(header.value, header.tagged === true, buffers) as Metrics;
    });
  const predict = (contents: HostContents, args: Args, run: ModelContext): Promise<unknown> => {
    const pool = pools.get(contents);
    return new Promise((resolve, reject) => {
      const waiting = { args, run, resolve, reject, group: groupOf(args) };
      if (pool) return pool.add(waiting);
      return workbench.use([contents], (child, [model = 0]) => predictBy(model)(child, [waiting])).catch(reject);
    });
  };

  const model: Model = {
    train,
    test,
    predict,
    codec: {
      encode: ({ bytes }: HostContents) => bytes,
      decode: (bytes) => readContents(bytes, language),
    },
    hooks: {
      async ready(contents: HostContents) {
        if (pools.has(contents)) return;
        const pool = openPool(contents);
        pools.set(contents, pool);
        try {
          await pool.ready();
        } catch (error) {
          void closePool(contents);
          throw error;
        }
      },
      release(contents: HostContents) {
        if (!pools.has(contents)) return;
        const timer = setTimeout(() => {
          releases.delete(timer);
          void closePool(contents);
        }, grace);
        releases.add(timer);
      },
    },
  };
  const releases = new Set<ReturnType<typeof setTimeout>>();

  return {
    model,
    ask: (header, buffers) => workbench.use([], (child) => child.call(header, buffers)),
    use: (needed, task) =>
      workbench.use([], (child) => {
        if (needed !== undefined) needs(child, needed);
        return task(child);
      }),
    async close() {
      for (const timer of releases) clearTimeout(timer);
      for (const contents of pools.keys()) void closePool(contents);
      await Promise.all([...closing, workbench.close(), first?.then((child) => child.close()).catch(() => {})]);
    },
  };

  function needs(child: Connection, name: string): void {
    const { functions } = child.hello;
    if (functions.includes(name)) return;
    throw new LaunchpadError(
      "MODULE_INVALID",
      `[model] the module in ${title} has no function ${name} (found: ${functions.join(", ") || "none"})`,
    );
  }
}

function isContents(value: unknown): value is HostContents {
  return typeof value === "object" && value !== null && "bytes" in value && "kind" in value;
}
