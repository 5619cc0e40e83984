/** One prediction, as a log keeps it: a row of any data sink. Nothing is null, so that every batch has the same columns. */
export interface LogRow extends Record<string, string | number> {
  /** ISO 8601, UTC: sorts by time. */
  readonly time: string;
  /** `prediction`, or `feedback` for what came true. */
  readonly kind: "prediction" | "feedback";
  /** Of the prediction. */
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly run: string;
  /** Which of the models that share the requests; empty if one serves alone. */
  readonly variant: string;
  /** The name of the key that the caller came with; empty if there are none. */
  readonly caller: string;
  /** How long the prediction took, in milliseconds. */
  readonly ms: number;
  /** The arguments, as JSON. */
  readonly inputs: string;
  /** As JSON; empty if it failed. */
  readonly prediction: string;
  /** The code of what went wrong; empty if nothing did. */
  readonly error: string;
  /** What came true, as JSON; empty for a prediction. */
  readonly actual: string;
}

/** What stands in the place of what nobody may read. */
export const redacted = "***";

/** More than this of one prediction is not kept. */
const maxLength = 64 * 1024;

/**
 * Converter of arguments or predictions to JSON for a log.
 *
 * @param options `columns`: only these at the top; `redact`: paths, steps separated by dots, whose values become `***`.
 *
 * @returns The function. What is too long becomes `{"too_long": CHARACTERS}`, and bytes their number.
 */
export function createLogText(options: {
  readonly columns?: readonly string[] | undefined;
  readonly redact?: readonly string[] | undefined;
}): (value: unknown) => string {
  const columns = options.columns && new Set(options.columns);
  const hidden = new Set(options.redact ?? []);
  const isPlain = columns === undefined && hidden.size === 0;
  return (value) => {
    const chosen = isPlain ? value : masked(value, columns, hidden);
    const text = JSON.stringify(chosen, withoutBytes) ?? "null";
    return text.length > maxLength ? JSON.stringify({ too_long: text.length }) : text;
  };
}

function withoutBytes(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return value instanceof Blob ? `${value.size} bytes` : value;
}

function masked(value: unknown, columns: ReadonlySet<string> | undefined, hidden: ReadonlySet<string>): unknown {
  const visit = (inner: unknown, path: string): unknown => {
    if (hidden.has(path)) return redacted;
    if (typeof inner !== "object" || inner === null || !isContainer(inner)) return inner;
    // Of a list, a path means the key in each of its items.
    if (Array.isArray(inner)) return inner.map((item) => visit(item, path));
    return Object.fromEntries(
      Object.entries(inner)
        .filter(([key]) => path !== "" || columns === undefined || columns.has(key))
        .map(([key, item]) => [key, visit(item, path === "" ? key : `${path}.${key}`)]),
    );
  };
  return visit(value, "");
}

function isContainer(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
