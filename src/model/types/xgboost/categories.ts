import { isFields, type Section, type Value } from "../trees/document.ts";
import { described, type Fault, unsupported } from "../trees/faults.ts";

/** Names of categories by feature, of those that have them. */
export type CategoryNames = ReadonlyMap<number, readonly (string | number)[]>;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Texts as Arrow has them: all bytes after one another, and where each starts. */
function textsOf(offsets: ArrayLike<number>, bytes: ArrayLike<number>, place: string, fault: Fault): string[] {
  const texts: string[] = [];
  const all = Uint8Array.from(bytes as ArrayLike<number> & Iterable<number>);
  for (let i = 0; i + 1 < offsets.length; i++) {
    const start = offsets[i] as number;
    const end = offsets[i + 1] as number;
    if (!(start >= 0 && start <= end && end <= all.length)) {
      fault(`${place}.offsets[${i}]`, `an ascending number up to ${all.length}`, `${start} to ${end}`);
    }
    try {
      texts.push(decoder.decode(all.subarray(start, end)));
    } catch {
      fault(`${place}.values`, "texts in UTF-8", "bytes that are none");
    }
  }
  return texts;
}

/**
 * Reads the names of categories, which files have since XGBoost 3.1.
 *
 * @param model Section of the trees.
 * @param ascii Whether the file's version writes only names in ASCII as they are: up to 3.3 the ends of others are wrong.
 * @param where Name of the file.
 * @param fault Throws if the file is damaged.
 *
 * @returns Names by feature; none in a file that has only codes.
 */
export function readCategories(model: Section, ascii: boolean, where: string, fault: Fault): CategoryNames {
  const names = new Map<number, readonly (string | number)[]>();
  const cats = model.optionalSection("cats");
  if (cats?.get("enc") === undefined) return names;
  cats.list("enc").forEach((value: Value, feature: number) => {
    const place = `${cats.at("enc")}[${feature}]`;
    if (!isFields(value)) fault(place, "an object", described(value));
    const list = value.values;
    if (!ArrayBuffer.isView(list)) {
      if (Array.isArray(list) && list.length === 0) return;
      fault(`${place}.values`, "a list of numbers", described(list));
    }
    const offsets = value.offsets;
    if (offsets === undefined) {
      if (list.length > 0) names.set(feature, Array.from(list));
      return;
    }
    if (!ArrayBuffer.isView(offsets)) fault(`${place}.offsets`, "a list of numbers", described(offsets));
    if (ascii && list.some((byte) => byte > 127 || byte < 0)) {
      const advice = "This version of XGBoost writes other names wrongly: train with 3.4 or newer, or rename them.";
      throw unsupported(where, `${place}.values`, "names of categories in ASCII", "others", advice);
    }
    const texts = textsOf(offsets, list, place, fault);
    if (texts.length > 0) names.set(feature, texts);
  });
  return names;
}
