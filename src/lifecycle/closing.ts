import { messageOf } from "../errors.ts";
import type { Context, Loaded } from "./context.ts";

/** What contents may have that hold more than memory: sessions, sockets, files. */
interface Closable {
  [Symbol.asyncDispose]?(): PromiseLike<void>;
  [Symbol.dispose]?(): void;
  close?(): unknown;
}

/**
 * Tells whether the contents of a model can be closed, which most need not be.
 *
 * @param loaded The model.
 *
 * @returns Whether predictions with it are counted.
 */
export function isClosable(loaded: Loaded): boolean {
  if (loaded.use === undefined) loaded.use = closerOf(loaded.contents) ? { count: 0, close: undefined } : null;
  return loaded.use !== null;
}

/**
 * Finds what closes contents. Data has no functions: only what a codec made can be closed.
 *
 * @param contents The contents of a model.
 *
 * @returns A function that closes them; undefined if nothing does.
 */
function closerOf(contents: unknown): (() => unknown) | undefined {
  if (typeof contents !== "object" || contents === null) return undefined;
  const closable = contents as Closable;
  for (const name of [Symbol.asyncDispose, Symbol.dispose, "close"] as const) {
    if (typeof closable[name] === "function") return () => closable[name]?.();
  }
  return undefined;
}

/**
 * Makes a prediction with a model, whose contents stay open until it is made.
 *
 * @param loaded The model.
 * @param predict Makes it.
 *
 * @returns What `predict` returns.
 */
export function using<T>(loaded: Loaded, predict: () => T): T {
  const { use } = loaded;
  if (!use) return predict();
  use.count += 1;
  const done = () => {
    use.count -= 1;
    if (use.count === 0) use.close?.();
  };
  let result: T;
  try {
    result = predict();
  } catch (error) {
    done();
    throw error;
  }
  if (result instanceof Promise) result.then(done, done);
  else done();
  return result;
}

/**
 * Closes the contents of a model that serves no more, once the predictions that have begun are made.
 *
 * @param context The lifecycle.
 * @param loaded The model.
 *
 * @returns Resolves when they are closed; what goes wrong is logged.
 */
export function closeContents(context: Context, loaded: Loaded): Promise<void> {
  if (!isClosable(loaded)) return Promise.resolve();
  const { use } = loaded;
  const close = closerOf(loaded.contents);
  if (!use || !close || use.close) return Promise.resolve();
  return new Promise((resolve) => {
    let isClosed = false;
    use.close = () => {
      if (isClosed) return;
      isClosed = true;
      Promise.resolve()
        .then(close)
        .catch((error) =>
          context.host.log.child("lifecycle").error(`a model could not be closed: ${messageOf(error)}`, { error }),
        )
        .then(() => resolve());
    };
    // Not at once: whoever has just got the model begins to predict before anything else happens.
    setTimeout(() => {
      if (use.count === 0) use.close?.();
    }, 0);
  });
}
