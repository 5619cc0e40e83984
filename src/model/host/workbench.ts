import type { Connection } from "./connection.ts";
import type { HostContents } from "./contents.ts";

/** Child that trains and tests, one thing after the other; it is there as long as there is something to do. */
export interface Workbench {
  /**
   * Has the child do something, when it has done what came before.
   *
   * @param contents Contents that it needs; they are loaded unless they are.
   * @param task Called with the child, and the numbers of the contents.
   */
  use<T>(
    contents: readonly HostContents[],
    task: (child: Connection, models: readonly number[]) => Promise<T>,
  ): Promise<T>;
  close(): Promise<void>;
}

/** So long does the child wait for more to do, in milliseconds. */
const patience = 5000;

/**
 * Creates a workbench, without a child until there is something to do.
 *
 * @param options How a child is started, and how contents are loaded into it.
 *
 * @returns The workbench.
 */
export function createWorkbench(options: {
  connect(): Promise<Connection>;
  load(child: Connection, contents: HostContents, model: number): Promise<void>;
}): Workbench {
  let child: Connection | undefined;
  let loaded = new Map<HostContents, number>();
  let count = 0;
  let before: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const close = async () => {
    clearTimeout(timer);
    const ending = child;
    child = undefined;
    loaded = new Map();
    await ending?.close();
  };

  const turn = async <T>(
    contents: readonly HostContents[],
    task: (child: Connection, models: readonly number[]) => Promise<T>,
  ): Promise<T> => {
    clearTimeout(timer);
    if (!child?.alive()) {
      loaded = new Map();
      child = await options.connect();
    }
    const connection = child;
    for (const [other, model] of loaded) {
      if (contents.includes(other)) continue;
      await connection.call({ type: "unload", model });
      loaded.delete(other);
    }
    for (const one of contents) {
      if (loaded.has(one)) continue;
      count += 1;
      await options.load(connection, one, count);
      loaded.set(one, count);
    }
    return task(
      connection,
      contents.map((one) => loaded.get(one) ?? 0),
    );
  };

  return {
    use(contents, task) {
      waiting += 1;
      const done = before.then(() => turn(contents, task));
      before = done
        .catch(() => {})
        .finally(() => {
          waiting -= 1;
          if (waiting === 0) timer = setTimeout(() => void close(), patience);
        });
      return done;
    },
    async close() {
      // What is being done is not waited for: whoever closes wants no more of it.
      child?.kill("because the launchpad was closed");
      await before;
      await close();
    },
  };
}
