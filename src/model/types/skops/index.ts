import { isLaunchpadError, messageOf } from "../../../errors.ts";
import type { FileModel, ModelFormat } from "../file-model.ts";
import { revived } from "./file/contents.ts";
import { damaged } from "./file/failures.ts";
import { Fields } from "./file/fields.ts";
import { readSchema } from "./file/schema.ts";
import { openArchive } from "./file/zip.ts";
import { modelOf } from "./model.ts";

/** Estimators of scikit-learn in files of skops, which are data: nothing in them is run. */
export const skops: ModelFormat = {
  name: "skops",
  title: "scikit-learn (skops)",
  extensions: [".skops"],
  recognizes(bytes) {
    // A zip archive; its directory or its first file names the schema.
    const magic = [0x50, 0x4b, 0x03, 0x04];
    return magic.every((byte, at) => bytes[at] === byte) && /schema\.json|\d+\.npy/.test(latin(bytes));
  },
  async read(bytes, where) {
    const value = readSchema(await openArchive(bytes, where), where);
    if (!(value instanceof Fields)) throw damaged(where, "expected an estimator, found another value");
    return told(where, () => modelOf(value));
  },
  restore(contents) {
    const value = revived(contents, "contents");
    if (!(value instanceof Fields)) throw damaged("contents", "expected an estimator, found another value");
    return told("contents", () => modelOf(value));
  },
};

/** Makes of whatever a file can make fail an error of that file. */
function told(where: string, read: () => FileModel): FileModel {
  try {
    return read();
  } catch (cause) {
    if (isLaunchpadError(cause)) throw cause;
    throw damaged(where, `expected a model, found one that cannot be read (${messageOf(cause)})`);
  }
}

const latin = (bytes: Uint8Array) =>
  String.fromCharCode(...bytes.subarray(0, 256), ...bytes.subarray(Math.max(256, bytes.length - 4096)));
