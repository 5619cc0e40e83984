import type { Feature } from "../file-model.ts";
import { Section, type Value } from "../trees/document.ts";
import { described, type Fault, unsupported } from "../trees/faults.ts";
import { type Missing, missing } from "../trees/grid.ts";
import { limits } from "../trees/limits.ts";

/** Feature of numbers: its place in rows, and what its missing values are. */
export interface NumberFeature {
  readonly flat: number;
  readonly how: Missing;
}

/** Feature of categories: its place in rows, and the codes of the hashes that nodes ask for. */
export interface TextFeature {
  readonly flat: number;
  readonly codes: ReadonlyMap<number, number>;
}

/** Features of a file. */
export interface Features {
  /** By their number among features of numbers. */
  readonly numbers: ReadonlyMap<number, NumberFeature>;
  /** By their number among features of categories. */
  readonly texts: ReadonlyMap<number, TextFeature>;
  readonly features: readonly Feature[];
  readonly codes: readonly (readonly (readonly [string, number])[] | null)[];
}

const treatments: Readonly<Record<string, Missing>> = {
  // Nothing is greater than what is missing.
  AsIs: missing.left,
  AsFalse: missing.left,
  AsTrue: missing.right,
};

/** Whether a list is there: CatBoost writes null for an empty one. */
const isThere = (section: Section, name: string) => section.get(name) !== undefined && section.get(name) !== null;

const kinds = ["text_features", "embedding_features", "ctrs"];

/**
 * Reads the features of a file.
 *
 * @param info Section of the features.
 * @param where Name of the file.
 * @param fault Throws if the file is damaged.
 *
 * @returns The features, and how trees name them.
 */
export function readFeatures(info: Section, where: string, fault: Fault): Features {
  for (const kind of kinds) {
    if (isThere(info, kind) && info.list(kind).length > 0) {
      const found = kind === "ctrs" ? "CTR tables, which stand for categories of many values" : kind.replace("_", " ");
      const advice = "Train with one_hot_max_size above the number of categories, or on numbers.";
      throw unsupported(where, info.at(kind), "features of numbers and one-hot categories", found, advice);
    }
  }
  const byFlat = new Map<number, Feature>();
  const codesByFlat = new Map<number, readonly (readonly [string, number])[]>();
  const sections = (name: string): Section[] =>
    !isThere(info, name)
      ? []
      : info.list(name).map((value: Value, i) => new Section(value, `${info.at(name)}[${i}]`, fault));
  const flatOf = (section: Section): number => {
    const flat = section.whole("flat_feature_index");
    if (!(flat >= 0 && flat < limits.maxFeatures) || byFlat.has(flat)) {
      fault(section.at("flat_feature_index"), `a place of its own below ${limits.maxFeatures}`, String(flat));
    }
    return flat;
  };
  const nameOf = (section: Section, flat: number): string => {
    const name = section.get("feature_name") ?? section.get("feature_id");
    return typeof name === "string" && name !== "" ? name : String(flat);
  };

  const numbers = new Map<number, NumberFeature>();
  for (const section of sections("float_features")) {
    const flat = flatOf(section);
    const treatment = section.text("nan_value_treatment");
    const how = treatments[treatment] ?? fault(section.at("nan_value_treatment"), "AsIs, AsFalse or AsTrue", treatment);
    numbers.set(section.whole("feature_index"), { flat, how });
    byFlat.set(flat, { name: nameOf(section, flat), kind: "number", missing: true });
  }

  const known = new Map<number, string[]>();
  for (const section of sections("cat_features_hash")) {
    const hash = section.whole("hash") | 0;
    known.set(hash, [...(known.get(hash) ?? []), section.text("value")]);
  }
  const texts = new Map<number, TextFeature>();
  for (const section of sections("categorical_features")) {
    const flat = flatOf(section);
    const hashes = section.get("values") === undefined ? [] : Array.from(section.numbers("values"));
    const codes = new Map<number, number>();
    const own: [string, number][] = [];
    hashes.forEach((hash, code) => {
      const strings = known.get(hash | 0);
      if (strings === undefined) {
        const advice = 'Write the file with model.save_model("model.json", format="json", pool=train_pool).';
        throw unsupported(where, info.at("cat_features_hash"), `the text of the category ${hash}`, "none", advice);
      }
      codes.set(hash | 0, code);
      for (const string of strings) own.push([string, code]);
    });
    texts.set(section.whole("feature_index"), { flat, codes });
    byFlat.set(flat, { name: nameOf(section, flat), kind: "text", missing: false });
    codesByFlat.set(flat, own);
  }
  const count = Math.max(-1, ...byFlat.keys()) + 1;
  const features = Array.from(
    { length: count },
    (_, flat): Feature => byFlat.get(flat) ?? { name: String(flat), kind: "number", missing: true },
  );
  const codes = features.map((_, flat) => codesByFlat.get(flat) ?? null);
  if (features.length === 0 && !info.names().length) fault(info.place, "features", described(info.names()));
  return { numbers, texts, features, codes };
}
