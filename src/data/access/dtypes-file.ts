import { isLaunchpadError, LaunchpadError } from "../../errors.ts";
import { createFrame } from "../frame/frame.ts";
import type { OpenContext, ToldDType } from "../types.ts";
import { dtypeNamed } from "./dtype-option.ts";
import { quote } from "./messages.ts";

/** The dtypes of columns, by name. */
export type Dtypes = Readonly<Record<string, ToldDType>>;

/** A file that says which dtypes the columns of another have. */
export interface DtypesFile {
  read(): Promise<Dtypes>;
  write(dtypes: Dtypes): Promise<void>;
}

/**
 * Creates the file that `dtypes_path` names, in ML Launchpad's format: a CSV file with the columns `columns` and `dtypes`.
 *
 * @param context What the source or sink is opened with.
 *
 * @returns The file; undefined if the entry names none.
 *
 * @throws CONFIG_INVALID when the entry names it otherwise than by a text; from its methods DATA_INVALID when it is not as
 * it should be, and DATA_UNAVAILABLE.
 */
export function createDtypesFile(context: OpenContext): DtypesFile | undefined {
  const { dtypes_path: path, options: _, ...place } = context.entry;
  if (path === undefined || path === null) return undefined;
  if (typeof path !== "string" || path === "") {
    throw new LaunchpadError("CONFIG_INVALID", `${context.where}: dtypes_path: the path of a file expected`);
  }
  // The same server, and the same keys: it stands next to the data.
  const entry = { ...place, type: "csv", path, compression: "infer" };
  const csv = () => import("../csv/index.ts");
  const reading = { ...context, entry: { ...entry, options: { dtype: "str" } }, dtypes: undefined };
  return {
    async read() {
      const { stream, frame } = await (await csv()).source.open(reading);
      if (frame === undefined || stream === undefined) throw new LaunchpadError("INTERNAL", "csv has no frame");
      const at = `${context.where}: dtypes_path`;
      const table = await frame({ params: {} }).catch((thrown: unknown) => {
        if (!isLaunchpadError(thrown)) throw thrown;
        throw new LaunchpadError(thrown.code, `${at}: ${thrown.message}`, { cause: thrown });
      });
      for (const name of ["columns", "dtypes"]) {
        if (table.names.includes(name)) continue;
        const found = table.names.map(quote).join(", ");
        throw new LaunchpadError("DATA_INVALID", `${at}: the columns "columns" and "dtypes" expected, found ${found}`);
      }
      const dtypes = new Map<string, ToldDType>();
      for (const { columns: column, dtypes: name } of table.rows()) {
        const dtype = dtypeNamed(String(name));
        if (dtype === undefined) {
          const expected = "str, int64, float64, bool or datetime expected";
          const message = `${at}: column ${quote(String(column))}: ${expected}, found ${quote(String(name))}`;
          throw new LaunchpadError("DATA_INVALID", message);
        }
        dtypes.set(String(column), dtype);
      }
      return Object.fromEntries(dtypes);
    },
    async write(dtypes) {
      const { write } = await (await csv()).sink.open({ ...context, entry });
      const table = createFrame({ columns: Object.keys(dtypes), dtypes: Object.values(dtypes) });
      await write?.(once(table));
    },
  };
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}
