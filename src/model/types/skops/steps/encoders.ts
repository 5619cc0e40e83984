import type { FeatureValue } from "../../file-model.ts";
import type { Estimator, Input, Reader } from "../estimator.ts";
import { numbers } from "../estimator.ts";
import { type Fields, numbersOf, scalarsOf } from "../file/fields.ts";
import { isMapping, type Scalar } from "../file/values.ts";
import { type Data, invalid, made, matrixOf, valueAt } from "../math/matrix.ts";
import { above } from "./scalers.ts";

/** Categories of one column, by value. */
interface Categories {
  readonly values: readonly Scalar[];
  readonly codes: ReadonlyMap<FeatureValue, number>;
}

const isMissing = (value: Scalar) => value === null || Number.isNaN(value);

function categoriesOf(fields: Fields): readonly Categories[] {
  const count = fields.count("n_features_in_", 1);
  const lists = fields.list("categories_");
  if (lists.length !== count) throw fields.wrong("categories_", `a list for each of ${count} features`);
  return lists.map((list, column) => {
    const values = scalarsOf(list, fields.at(`categories_[${column}]`));
    if (values.filter(isMissing).length > 1) throw fields.refuse(`${fields.name} of both None and NaN`);
    return { values, codes: new Map(values.map((value, code) => [isMissing(value) ? null : value, code])) };
  });
}

/** Kind of values that a column of these categories takes. */
function inputOf({ values, codes }: Categories, ignores: boolean): Input {
  const known = values.filter((value) => !isMissing(value)) as (string | number | boolean)[];
  return { kind: "category", categories: known, missing: codes.has(null) || ignores };
}

const unknownOf = (fields: Fields, ...others: readonly string[]) => fields.only("handle_unknown", "error", ...others);

/** Codes of categories in a column; -1 of what was never seen, unless that is an error. */
function coder(fields: Fields, ignores: boolean): (data: Data, column: number, row: number) => number {
  const lists = categoriesOf(fields);
  return (data, column, row) => {
    const { codes, values } = lists[column] as Categories;
    const value = valueAt(data, column, row);
    if (typeof value === "number" && !Number.isFinite(value))
      throw invalid(data, column, row, "a finite number or a category", value);
    const code = codes.get(value);
    if (code !== undefined) return code;
    if (ignores) return -1;
    const some = values.slice(0, 8).map((known) => (isMissing(known) ? "none" : JSON.stringify(known)));
    throw invalid(data, column, row, `one of ${some.join(", ")}${values.length > 8 ? ", …" : ""}`, value);
  };
}

/** Numbers of an optional list of arrays, one for each column. */
function listsOf(fields: Fields, name: string): readonly (Float64Array | null)[] {
  return fields
    .list(name)
    .map((item, at) => (item === null ? null : numbersOf(item, fields.at(`${name}[${at}]`), [null]).data));
}

/** Groups of categories that were too rare to stand alone. */
interface Rare {
  readonly first: readonly (number | null)[];
  readonly codes: readonly (Float64Array | null)[];
}

function rareOf(fields: Fields, categories: readonly Categories[]): Rare | undefined {
  if (!fields.flag("_infrequent_enabled", false)) return undefined;
  const first = listsOf(fields, "_infrequent_indices").map((list) => list?.[0] ?? null);
  const codes = listsOf(fields, "_default_to_infrequent_mappings");
  categories.forEach(({ values }, column) => {
    const list = codes[column];
    const known = (code: number | null | undefined) =>
      Number.isInteger(code) && Number(code) >= 0 && Number(code) < values.length;
    if (list && !(list.length <= values.length && list.every(known) && known(first[column])))
      throw fields.wrong("_default_to_infrequent_mappings", `a code for each of ${values.length} categories`);
  });
  return { first, codes };
}

const grouped = (rare: Rare | undefined, column: number, code: number) => rare?.codes[column]?.[code] ?? code;

/** One column for each category, of which one is 1. */
export const oneHotEncoder: Reader = (fields) => {
  const how = unknownOf(fields, "ignore", "infrequent_if_exist", "warn");
  const categories = categoriesOf(fields);
  const code = coder(fields, how !== "error");
  const rare = rareOf(fields, categories);
  const name = fields.get("_drop_idx_after_grouping") === undefined ? "drop_idx_" : "_drop_idx_after_grouping";
  const dropped = fields.optional(name) === undefined ? [] : fields.scalars(name, categories.length);
  const widths = categories.map(({ values }, column) => {
    const mapping = rare?.codes[column];
    const all = mapping ? Math.max(...mapping) + 1 : values.length;
    return all - (typeof dropped[column] === "number" ? 1 : 0);
  });
  const starts = widths.map((_, column) => widths.slice(0, column).reduce((sum, size) => sum + size, 0));
  const width = widths.reduce((sum, size) => sum + size, 0);
  const origin = Int32Array.from(widths.flatMap((size, column) => new Array<number>(size).fill(column)));
  return {
    step: {
      inputs: categories.map((list) => inputOf(list, how !== "error")),
      width,
      origin,
      transform(data) {
        const out = new Float64Array(data.rows * width);
        for (let row = 0; row < data.rows; row++) {
          for (let column = 0; column < categories.length; column++) {
            let found = code(data, column, row);
            if (found < 0) {
              const first = rare?.first[column];
              if (how === "ignore" || first === null || first === undefined) continue;
              found = first;
            }
            found = grouped(rare, column, found);
            const gone = dropped[column];
            if (typeof gone === "number" && found >= gone) {
              if (found === gone) continue;
              found--;
            }
            out[row * width + (starts[column] as number) + found] = 1;
          }
        }
        return made(data.rows, width, out, fields.name);
      },
    },
  };
};

/** Step that makes one number of each category, or several. */
function coded(
  fields: Fields,
  ignores: boolean,
  each: number,
  numberOf: (column: number, code: number, part: number) => number,
): Estimator {
  const categories = categoriesOf(fields);
  const code = coder(fields, ignores);
  const width = categories.length * each;
  return {
    step: {
      inputs: categories.map((list) => inputOf(list, ignores)),
      width,
      origin: Int32Array.from({ length: width }, (_, at) => Math.floor(at / each)),
      transform(data) {
        const out = new Float64Array(data.rows * width);
        for (let row = 0; row < data.rows; row++) {
          for (let column = 0; column < categories.length; column++) {
            const found = code(data, column, row);
            for (let part = 0; part < each; part++)
              out[row * width + column * each + part] = numberOf(column, found, part);
          }
        }
        return made(data.rows, width, out, fields.name);
      },
    },
  };
}

/** Place of each category in their order. */
export const ordinalEncoder: Reader = (fields) => {
  const ignores = unknownOf(fields, "use_encoded_value") !== "error";
  const unknown = ignores ? fields.number("unknown_value") : 0;
  const missing = fields.get("_missing_indices");
  const gaps = isMapping(missing) ? missing : new Map();
  const instead = gaps.size > 0 ? fields.number("encoded_missing_value", Number.NaN) : 0;
  const rare = rareOf(fields, categoriesOf(fields));
  return coded(fields, ignores, 1, (column, code) => {
    if (code < 0) return unknown;
    return gaps.get(column) === code ? instead : grouped(rare, column, code);
  });
};

/** Mean of the target by category. */
export const targetEncoder: Reader = (fields) => {
  const several = fields.text("target_type_") === "multiclass";
  const each = several ? fields.scalars("classes_").length : 1;
  const count = fields.count("n_features_in_", 1);
  const encodings = listsOf(fields, "encodings_");
  const means = several ? fields.numbers("target_mean_", each) : [fields.number("target_mean_")];
  if (encodings.length !== count * each) throw fields.wrong("encodings_", `${count * each} lists`);
  return coded(fields, true, each, (column, code, part) =>
    code < 0 ? (means[part] as number) : (encodings[column * each + part]?.[code] ?? Number.NaN),
  );
};

/** Bins of numbers, by their place or one column each. */
export const binsDiscretizer: Reader = (fields) => {
  const encode = fields.only("encode", "onehot", "onehot-dense", "ordinal");
  const count = fields.count("n_features_in_", 1);
  const edges = listsOf(fields, "bin_edges_").map((list) => list?.subarray(1, -1) ?? new Float64Array());
  if (edges.length !== count) throw fields.wrong("bin_edges_", `a list for each of ${count} features`);
  const widths = edges.map((list) => (encode === "ordinal" ? 1 : list.length + 1));
  const starts = widths.map((_, column) => widths.slice(0, column).reduce((sum, size) => sum + size, 0));
  const width = widths.reduce((sum, size) => sum + size, 0);
  return {
    step: {
      inputs: numbers(count),
      width,
      origin: Int32Array.from(widths.flatMap((size, column) => new Array<number>(size).fill(column))),
      transform(data) {
        const { data: values } = matrixOf(data, "finite");
        const out = new Float64Array(data.rows * width);
        values.forEach((value, at) => {
          const column = at % count;
          const bin = above(edges[column] as Float64Array, value);
          const to = Math.floor(at / count) * width + (starts[column] as number);
          if (encode === "ordinal") out[to] = bin;
          else out[to + bin] = 1;
        });
        return made(data.rows, width, out, fields.name);
      },
    },
  };
};
