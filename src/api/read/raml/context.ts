import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { Parameter } from "../../definition.ts";
import { type Fields, type KeyTable, readFields } from "../file/fields.ts";
import type { Described, Media } from "../file/media-types.ts";
import type { Problems } from "../file/problems.ts";
import { type Entry, entryOf, type SourcePosition, type Value } from "../file/value.ts";
import { isAnnotation } from "./keys.ts";
import type { Templates } from "./templates.ts";

/** The versions of RAML. */
export type Version = "0.8" | "1.0";

/** What is described below a media type. */
export interface MediaContent {
  /** The fields of a form, of RAML 0.8. */
  readonly parameters?: readonly Described[];
  readonly schema?: JsonSchema;
  readonly example?: unknown;
}

/** What the versions of RAML describe each in its own way. */
export interface Dialect {
  readonly version: Version;
  /** Reads named parameters in the order of the file. */
  parameters(value: Value, place: Parameter["in"], where: string): Described[];
  /** Reads what is below a media type, or below a body that has none. */
  content(value: Value, media: Media, where: string): MediaContent;
}

/** What the whole file says that its parts need. */
export interface RamlContext {
  readonly dialect: Dialect;
  readonly problems: Problems;
  readonly templates: Templates;
  /** The media types of bodies that name none. */
  readonly mediaTypes: readonly string[];
  /** The named schemas so far. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** Gets the lines on which responses are described, by path and method. */
  readonly lines: Record<string, number>;
  /** The resources that were read before, with their lines, by the shape of their paths. */
  readonly shapes: Map<string, { path: string; at: SourcePosition }>;
}

/**
 * Reads a mapping by the table of its keys, without annotations of RAML 1.0, which are for other tools.
 *
 * @param value The mapping.
 * @param where What it describes, for messages.
 * @param table The known keys.
 * @param problems Gets what is wrong.
 * @param isRest Tells which further keys somebody else reads.
 *
 * @returns What it says.
 */
export function fieldsOf(
  value: Value,
  where: string,
  table: KeyTable,
  problems: Problems,
  isRest: (key: string) => boolean = () => false,
): Fields {
  const fields = readFields(withoutNotes(value), where, table, problems, (key) => isAnnotation(key) || isRest(key));
  return { ...fields, rest: fields.rest.filter(({ key }) => !isAnnotation(key)) };
}

/** Keys whose value is a scalar, which RAML 1.0 lets annotate: `displayName: { value: Size, (unit): cm }`. */
const scalars = new Set([
  ...["title", "version", "description", "displayName", "usage", "baseUri", "mediaType"],
  ...["required", "pattern", "format", "minLength", "maxLength", "minimum", "maximum", "multipleOf"],
]);

/** What is annotated, without its annotations ("Annotating Scalar-valued Nodes"). */
function withoutNotes(value: Value): Value {
  if (value.kind !== "map") return value;
  const plain = (entry: Entry): Entry => {
    if (!scalars.has(entry.key) || entry.value.kind !== "map") return entry;
    const inside = entryOf(entry.value, "value");
    const others = entry.value.entries.filter((one) => one !== inside);
    return inside && others.every(({ key }) => isAnnotation(key)) ? { ...entry, value: inside.value } : entry;
  };
  return { ...value, entries: value.entries.map(plain) };
}
