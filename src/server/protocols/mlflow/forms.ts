import type { SignatureSide } from "../../../api/signature.ts";
import { isRecord } from "../../../schema/types.ts";
import { rowsOfInstances } from "../instances.ts";
import { invalid } from "../invalid.ts";
import { limitRows } from "../max-rows.ts";
import { newRow } from "../new-row.ts";

type Form = (given: unknown, inputs: SignatureSide) => readonly unknown[];

/** The four forms of rows in JSON (https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally). */
const forms: Readonly<Record<string, Form>> = {
  dataframe_split(given) {
    if (!isRecord(given)) throw invalid("dataframe_split", "expected an object with columns and data");
    const { columns, data } = given;
    if (!Array.isArray(columns) || !columns.every((name) => typeof name === "string")) {
      throw invalid("dataframe_split.columns", "expected a list of names");
    }
    if (new Set(columns).size < columns.length) throw invalid("dataframe_split.columns", "expected no name twice");
    if (!Array.isArray(data)) throw invalid("dataframe_split.data", "expected a list of rows");
    const create = newRow(columns);
    return data.map((values: unknown, index) => {
      if (!Array.isArray(values) || values.length !== columns.length) {
        throw invalid(`dataframe_split.data[${index}]`, `expected a list of ${columns.length} values, one a column`);
      }
      const row = create();
      for (const [column, name] of columns.entries()) row[name] = values[column];
      return row;
    });
  },
  dataframe_records(given) {
    if (Array.isArray(given) && given.every(isRecord)) return given;
    throw invalid("dataframe_records", "expected a list of objects");
  },
  instances: (given, inputs) => rowsOfInstances(inputs, given, "instances"),
  inputs: (given, inputs) => (isRecord(given) ? rowsOfColumns(given) : rowsOfInstances(inputs, given, "inputs")),
};

const names = Object.keys(forms).join(", ");

/**
 * Reads rows in JSON.
 *
 * @param body The body.
 * @param inputs What the model takes.
 *
 * @returns The rows, and the arguments that hold for all of them.
 *
 * @throws ARGUMENTS_INVALID for another form, or several.
 */
export function rowsOfJson(
  body: unknown,
  inputs: SignatureSide,
): { readonly rows: readonly unknown[]; readonly params: unknown } {
  if (!isRecord(body)) throw invalid("", `expected an object with one of ${names}`);
  const { params, ...rest } = body;
  const given = Object.keys(rest);
  const [name = ""] = given;
  const read = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (given.length !== 1 || read === undefined) {
    throw invalid(
      "",
      `expected exactly one of ${names}, found ${given.length === 0 ? "none" : given.slice(0, 5).join(", ")}`,
    );
  }
  return { rows: read(rest[name], inputs), params };
}

/** One list a column, or one value for a single row. */
function rowsOfColumns(columns: Readonly<Record<string, unknown>>): readonly unknown[] {
  const entries = Object.entries(columns);
  const lists = entries.filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  if (lists.length === 0) return [columns];
  const [first] = lists;
  const count = first?.[1].length ?? 0;
  limitRows(count);
  for (const [name, values] of entries) {
    if (!Array.isArray(values) || values.length !== count) {
      throw invalid(`inputs.${name}`, `expected a list of ${count} values, as ${first?.[0]} has`);
    }
  }
  const create = newRow(entries.map(([name]) => name));
  return Array.from({ length: count }, (_, index) => {
    const row = create();
    for (const [name, values] of lists) {
      const value = values[index];
      // Clients send a column of an array of two dimensions as lists of one value.
      row[name] = value;
    }
    return row;
  });
}
