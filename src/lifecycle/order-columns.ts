import { quote } from "../data/access/messages.ts";
import { isFrame } from "../data/frame/frame.ts";
import { LaunchpadError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Named } from "../model/define.ts";
import type { Context } from "./context.ts";

const adjust =
  "To adjust this warning, set model config's `order_columns_not_used_warning` " +
  "to `always` (default), `test_and_predict` or `never`.";

/**
 * Creates the same data with its columns in alphabetical order.
 *
 * @param data A frame, or an object whose keys are columns.
 *
 * @returns A frame or object of the same columns.
 *
 * @throws DATA_INVALID for anything without named columns.
 */
export function orderColumns<T extends Named>(data: T): T {
  if (isFrame(data)) return data.select(...ordered(data.names)) as T;
  const prototype = typeof data === "object" && data !== null ? Object.getPrototypeOf(data) : undefined;
  if (prototype === Object.prototype || prototype === null) {
    const result: Record<string, unknown> = Object.create(prototype);
    for (const name of Object.keys(data).sort()) put(result, name, data[name]);
    return result as T;
  }
  const found = Array.isArray(data) ? "an array" : data === null ? "null" : typeof data;
  throw new LaunchpadError(
    "DATA_INVALID",
    `[orderColumns] found ${found}, expected a frame or a plain object whose keys are the columns.`,
  );
}

/** Objects have names that are whole numbers first, and by their values: frames, rows and arguments have one order. */
function ordered(names: readonly string[]): readonly string[] {
  return Object.keys(Object.fromEntries([...names].sort().map((name) => [name, null])));
}

/** To assign `__proto__` would set the prototype; to define every property takes longer than a small model. */
function put(ordered: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") ordered[name] = value;
  else Object.defineProperty(ordered, name, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * Finds the columns of what was ordered.
 *
 * @param data A frame, or an object whose keys are columns.
 *
 * @returns Their names, in its order.
 */
export function namesOf(data: Named): readonly string[] {
  return isFrame(data) ? data.names : Object.keys(data);
}

/** What the training ordered, by the lists that metadata has of it. */
const known = new WeakMap<object, readonly ReadonlySet<string>[]>();

/**
 * Checks that what a prediction orders are columns that the training ordered together: one more, or one less, would move others to
 * their places, and so would those of two sets. A column that the training had and no request has, as the target, is none of them;
 * what has no column of the training at all is no row of it.
 *
 * @param context The lifecycle.
 * @param names The columns of the prediction.
 * @param trained The columns of the training, for each set of them.
 *
 * @throws DATA_INVALID when no set has them all, or has one besides that the model's `input` describes.
 */
export function checkColumnsTrained(
  { config, model }: Context,
  names: readonly string[],
  trained: readonly (readonly string[])[],
): void {
  let sets = known.get(trained);
  if (sets === undefined) {
    sets = trained.map((columns) => new Set(columns));
    known.set(trained, sets);
  }
  // Nothing in common with what the training ordered: something else is put into order.
  if (names.length > 0 && !sets.some((own) => names.some((name) => own.has(name)))) return;
  const { entries = {} } = (model.input ?? {}) as { readonly entries?: object };
  const described = Object.keys(entries);
  const hasAll = (own: ReadonlySet<string>) => names.every((name) => own.has(name));
  const lacks = (own: ReadonlySet<string>) => described.filter((name) => own.has(name) && !names.includes(name));
  const near = sets.filter(hasAll);
  if (near.some((own) => lacks(own).length === 0)) return;
  const count = (own: ReadonlySet<string>) => names.filter((name) => own.has(name)).length;
  const own = (near.length > 0 ? near : sets).reduce((best, one) => (count(one) > count(best) ? one : best));
  const others = names.filter((name) => !own.has(name));
  const lacking = lacks(own);
  const found = [
    ...(others.length > 0 ? [`others (${others.map(quote).join(", ")})`] : []),
    ...(lacking.length > 0 ? [`none of the name ${lacking.map(quote).join(", ")}`] : []),
  ].join(", and ");
  throw new LaunchpadError(
    "DATA_INVALID",
    `[orderColumns] expected columns that the training of ${config.model.name} ${config.model.version} ordered ` +
      `(${[...own].slice(0, 20).map(quote).join(", ")}${own.size > 20 ? ", ..." : ""}), found ${found}: values would be taken for those of other columns. ` +
      "Order the same columns, or train again",
  );
}

/**
 * Warns when a model is trained on columns in whatever order they come.
 *
 * @param context The lifecycle.
 * @param calls How often the training called `orderColumns`.
 * @param log Where the warning goes.
 */
export function checkTraining(context: Context, calls: number, log: Logger): void {
  if (calls > 0 || context.config.model.order_columns_not_used_warning !== "always") return;
  log.warning(`Training code does not call function orderColumns. ${adjust}`);
}

/**
 * Warns when a model was trained on ordered columns, but is used without ordering them.
 *
 * @param context The lifecycle.
 * @param columnsOrdered Whether the training called `orderColumns`.
 * @param calls How often this use called it.
 * @param what The code that should have: `testing code`.
 * @param log Where the warning goes.
 */
export function checkUse(
  context: Context,
  columnsOrdered: boolean,
  calls: number,
  what: "testing code" | "retesting code" | "prediction code",
  log: Logger,
): void {
  if (!columnsOrdered || calls > 0 || context.config.model.order_columns_not_used_warning === "never") return;
  log.warning(`Model has been trained on ordered columns, but ${what} does not call function orderColumns. ${adjust}`);
}
