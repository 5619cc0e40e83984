import type { Signature, SignatureField } from "../api/signature.ts";
import { textMeaning } from "../data/frame/infer.ts";
import type { Cell, Frame } from "../data/types.ts";
import { LaunchpadError } from "../errors.ts";

/** Columns that a model reads of a frame. */
export interface InputColumns {
  /** Those that must be there. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/**
 * Finds the columns that a model reads.
 *
 * @param signature Its inputs.
 *
 * @returns The columns; undefined where any may be an input.
 */
export function inputColumns({ inputs }: Signature): InputColumns | undefined {
  if (inputs.form === "open" || inputs.fields.length === 0 || isLoose(inputs)) return undefined;
  const names = (optional: boolean) =>
    inputs.fields.flatMap((field) => (field.optional === optional ? [field.name] : []));
  return { required: names(false), optional: names(true) };
}

/**
 * Finds the columns that a model takes as text.
 *
 * @param signature Its inputs.
 *
 * @returns Their names.
 */
export function textInputs({ inputs }: Signature): readonly string[] {
  return inputs.fields.flatMap(({ name, dtype, shape }) => (dtype === "str" && shape.length === 0 ? [name] : []));
}

/** An object that takes more than is described takes every column. */
function isLoose({ additional, form }: Signature["inputs"]): boolean {
  return form === "fields" && additional;
}

/**
 * Checks that a frame has the columns that a model must have.
 *
 * @param names The columns of the frame.
 * @param columns What the model reads.
 * @param where Where the frame comes from, for messages.
 *
 * @throws COLUMN_UNKNOWN naming all that are missing.
 */
export function assertInputs(names: readonly string[], columns: InputColumns | undefined, where: string): void {
  const missing = columns?.required.filter((name) => !names.includes(name)) ?? [];
  if (missing.length === 0) return;
  const list = (some: readonly string[]) => some.slice(0, 20).join(", ") || "none";
  throw new LaunchpadError(
    "COLUMN_UNKNOWN",
    `${where}: expected the columns ${list(missing)}, which the model needs; found ${list(names)}. Rename them there, or read others`,
  );
}

/**
 * Makes rows of a frame as a request would send them: a missing cell is left out where the argument may be, and null elsewhere; dates
 * are text in ISO 8601; lists and objects, which frames keep as their JSON, are what that says.
 *
 * @param frame The frame.
 * @param signature What the model takes.
 * @param untyped Whether the frame is from where all is text, as CSV is: one word among numbers then makes all of them text, of which
 *   those that are numbers or booleans are taken as what they are, where the model takes such.
 *
 * @returns An object for each row.
 */
export function rowValues(frame: Frame, signature: Signature, untyped = false): Record<string, unknown>[] {
  const { inputs } = signature;
  const known = new Map(inputs.fields.map((field) => [field.name, field]));
  const wanted = inputColumns(signature);
  const names = wanted ? frame.names.filter((name) => known.has(name)) : frame.names;
  const columns = names.map((name) => ({ name, cells: frame.column(name), field: known.get(name) }));
  return Array.from({ length: frame.length }, (_, row) => {
    const values: Record<string, unknown> = {};
    for (const { name, cells, field } of columns) {
      const value = inputOf(cells[row] ?? null, field, untyped);
      if (value === null && field?.optional !== false) continue;
      if (name === "__proto__") {
        Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
      } else values[name] = value;
    }
    return values;
  });
}

function inputOf(cell: Cell, field: SignatureField | undefined, untyped: boolean): unknown {
  if (cell === null || Number.isNaN(cell)) return null;
  if (cell instanceof Date) return cell.toISOString();
  const holdsMore = field !== undefined && (field.dtype === "json" || field.shape.length > 0);
  if (untyped && typeof cell === "string" && field?.shape.length === 0 && field.dtype !== "json") {
    if (field.dtype !== "str") return textMeaning(cell, field.dtype === "bool" ? "bool" : "number") ?? cell;
  }
  return holdsMore && typeof cell === "string" && /^\s*[[{]/.test(cell) ? parsed(cell) : cell;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
