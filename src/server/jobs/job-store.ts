import type { Storage } from "../../store/storage.ts";
import type { JobEnd, JobRequest } from "./job.ts";

/**
 * Jobs of one model in a storage. Everything is written once, so that nothing is lost where several processes write:
 *
 *     <model>/jobs/<key>.request.json     how it began
 *     <model>/jobs/<key>.body             what was sent, for a queue
 *     <model>/jobs/<key>.started.json     when its prediction began
 *     <model>/jobs/<key>.end.json         how it ended: the first end counts
 *     <model>/open/<process>.<key>        it has not ended, or its end was not told
 *     <model>/expires/<time>.<key>        it may be removed after that time
 *     <model>/processes/<process>.json    when a process was last heard of
 *
 * No job has a folder of its own: in a folder of files, those would stay when it is removed.
 */
export interface JobStore {
  /** Writes how a job begins; what was sent besides, where another instance reads it. */
  begin(key: string, request: JobRequest, expires: number, body?: Uint8Array): Promise<void>;
  /** Takes back that a job has begun; of one that another has written since, only that this process has it. */
  discard(key: string, request: JobRequest): Promise<void>;
  request(key: string): Promise<JobRequest | undefined>;
  body(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  start(key: string, at: string): Promise<void>;
  started(key: string): Promise<string | undefined>;
  end(key: string): Promise<JobEnd | undefined>;
  finish(key: string, end: JobEnd): Promise<void>;
  /** Forgets what nobody needs any more when an end has been told. */
  settle(key: string, request: JobRequest): Promise<void>;
  /** Jobs that are not settled, with their processes. */
  open(): Promise<readonly { readonly process: string; readonly key: string }[]>;
  /** Says that a process is there. */
  beat(process: string, at: number): Promise<void>;
  /** When a process was last heard of, in milliseconds since 1970. */
  heard(process: string): Promise<number | undefined>;
  /** Forgets a process. */
  forget(process: string): Promise<void>;
  /** Jobs that may be removed, with the keys that say so. */
  expired(now: number): Promise<readonly { readonly mark: string; readonly key: string }[]>;
  /** Removes all that is kept of a job but the marks. */
  clear(key: string): Promise<void>;
  /** Removes a job; or the mark alone, where it has a later one. */
  remove(mark: string, key: string | undefined): Promise<void>;
  /** Marks that a job may be removed later than was thought. */
  keepUntil(key: string, expires: number): Promise<void>;
  close(): Promise<void>;
}

const files = ["request.json", "body", "started.json", "end.json"] as const;

/**
 * Creates the jobs of a model.
 *
 * @param storage The storage.
 * @param model The name of the model, under which they are.
 *
 * @returns What reads and writes them. Every method throws STORE_UNAVAILABLE when the storage fails.
 */
export function createJobStore(storage: Storage, model: string): JobStore {
  const at = (key: string, file: (typeof files)[number]) => `${model}:jobs:${key}.${file}`;
  const markOf = (key: string, expires: number) =>
    `${model}:expires:${String(Math.ceil(expires)).padStart(15, "0")}.${key}`;
  const openOf = (process: string, key: string) => `${model}:open:${process}.${key}`;
  const heartOf = (process: string) => `${model}:processes:${process}.json`;
  const write = (key: string, value: unknown) => storage.write(key, JSON.stringify(value));
  const read = async <T>(key: string) => (await storage.readJson(key)) as T | undefined;
  // Neither times, keys nor ids of processes hold a dot.
  const partsOf = (key: string) => key.slice(key.lastIndexOf(":") + 1).split(".");
  const clear = async (key: string) => {
    await Promise.all(files.map((file) => storage.remove(at(key, file))));
  };

  return {
    async begin(key, request, expires, body) {
      await Promise.all([
        storage.write(markOf(key, expires), "1"),
        storage.write(openOf(request.process, key), "1"),
        body && storage.write(at(key, "body"), body),
      ]);
      await write(at(key, "request.json"), request);
    },
    async discard(key, { token, process }) {
      const written = await read<JobRequest>(at(key, "request.json"));
      if (written?.token === token) await clear(key);
      if (written === undefined || written.token === token || written.process !== process) {
        await storage.remove(openOf(process, key));
      }
    },
    request: (key) => read(at(key, "request.json")),
    body: (key) => storage.read(at(key, "body")),
    start: (key, started_at) => write(at(key, "started.json"), { started_at }),
    started: async (key) => (await read<{ readonly started_at: string }>(at(key, "started.json")))?.started_at,
    end: (key) => read(at(key, "end.json")),
    finish: (key, end) => write(at(key, "end.json"), end),
    async settle(key, { process, asked }) {
      await Promise.all([storage.remove(openOf(process, key)), asked?.has_body && storage.remove(at(key, "body"))]);
    },
    async open() {
      const keys = await storage.keys(model, "open");
      return keys.map(partsOf).map(([process = "", key = ""]) => ({ process, key }));
    },
    beat: (process, time) => write(heartOf(process), { at: time }),
    heard: async (process) => (await read<{ readonly at: number }>(heartOf(process)))?.at,
    forget: (process) => storage.remove(heartOf(process)),
    async expired(now) {
      const keys = await storage.keys(model, "expires");
      return keys.flatMap((mark) => {
        const [time = "", key = ""] = partsOf(mark);
        return Number(time) < now ? [{ mark, key }] : [];
      });
    },
    clear,
    async remove(mark, key) {
      if (key !== undefined) await clear(key);
      await storage.remove(mark);
    },
    keepUntil: (key, expires) => storage.write(markOf(key, expires), "1"),
    close: () => storage.close(),
  };
}
