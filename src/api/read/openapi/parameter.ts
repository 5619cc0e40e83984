import type { JsonSchema } from "../../../schema/json-schema.ts";
import { didYouMean, enumerate } from "../../../util/suggest.ts";
import type { Parameter, ParameterStyle } from "../../definition.ts";
import { isHeaderName, wrongHeaderName } from "../../header-name.ts";
import { dereferenced, parameterOf } from "../../parameter-from-schema.ts";
import { styles } from "../../parameter-style.ts";
import { checkParameter } from "../file/check-example.ts";
import { type Fields, flag, itemsOf, present } from "../file/fields.ts";
import type { Described } from "../file/media-types.ts";
import { formatValue, type SourcePosition, type Value } from "../file/value.ts";
import { type OpenApiContext, readExample } from "./context.ts";
import { keyTables } from "./keys.ts";

/** Headers that OpenAPI describes elsewhere. */
const describedElsewhere = new Set(["accept", "content-type", "authorization"]);

/**
 * Reads the parameters of a path or of an operation.
 *
 * @param value The list below `parameters`.
 * @param where What it belongs to, for messages.
 * @param context The whole file.
 *
 * @returns The parameters in the order of the file; without those of cookies.
 */
export function readParameters(value: Value | undefined, where: string, context: OpenApiContext): Described[] {
  if (!value) return [];
  const seen = new Map<string, SourcePosition>();
  return itemsOf(value, `${where} parameters`, context.problems).flatMap((item, index) => {
    const described = context.resolve(item, `${where} parameters ${index + 1}`);
    const parameter = readParameter(described, `${where} parameters`, index, context);
    if (parameter === undefined) return [];
    const key = `${parameter.in} ${parameter.name}`;
    const other = seen.get(key);
    if (other) {
      const message = `${where} parameters ${parameter.name}: is on line ${other.line} already: keep one of them`;
      context.problems.add(item.at, message);
    }
    seen.set(key, item.at);
    checkParameter(
      { parameter, at: item.at },
      `${where} parameters ${parameter.name}`,
      context.schemas,
      context.problems,
    );
    return [{ parameter, at: item.at }];
  });
}

function readParameter(described: Value, above: string, index: number, context: OpenApiContext): Parameter | undefined {
  // Its name is needed to say where a problem is, before its keys are read.
  const named = described.kind === "map" ? described.entries.find(({ key }) => key === "name")?.value : undefined;
  const written = named?.kind === "scalar" && named.value !== null ? named.text : undefined;
  const where = `${above} ${written ?? index + 1}`;
  const fields = context.fields(described, where, keyTables.parameter);
  const place = fields.text("in");
  if (place === "cookie") {
    const required = fields.read("required", flag) === true;
    if (required) fields.problem("in", "Launchpad reads no cookies, and this one is required: take it out");
    else fields.warn("in", "cookie is ignored: Launchpad reads no cookies");
    return undefined;
  }
  if (written === undefined) fields.problem("name", "is missing: expected the name of the parameter");
  if (place !== "path" && place !== "query" && place !== "header") {
    const found = fields.value("in");
    const hint = didYouMean(place, Object.keys(styles));
    fields.problem(
      "in",
      `${found ? `found ${formatValue(found)}` : "is missing"}, expected query, path or header.${hint}`,
    );
    return undefined;
  }
  const name = written ?? "";
  if (place === "header" && describedElsewhere.has(name.toLowerCase())) {
    fields.warn("name", "is ignored: OpenAPI describes this header elsewhere");
    return undefined;
  }
  if (place === "header" && !isHeaderName(name)) fields.problem("name", wrongHeaderName(name), named);
  const required = fields.read("required", flag);
  if (place === "path" && required !== true) {
    fields.problem("required", "expected true, because there is no path without its parameters");
  }
  const { schema, json } = readSchema(fields, context);
  const parameter = parameterOf(name, place, place === "path" || required === true, schema, context.schemas);
  return {
    ...parameter,
    ...(json ? {} : readStyle(fields, place, parameter.schema, context)),
    ...present({
      description: fields.text("description") ?? parameter.description,
      deprecated: (fields.read("deprecated", flag) ?? parameter.deprecated) || undefined,
    }),
    ...readExample(fields, context),
  };
}

/** JSON is what `content` is for. */
function readSchema(from: Fields, context: OpenApiContext): { schema: JsonSchema; json: boolean } {
  const { where, described } = from;
  const own = from.value("schema");
  const content = from.value("content");
  if (own && content) from.problem("content", "is beside schema: keep one of them");
  if (own || !content) {
    if (!own) from.problem("schema", "is missing: expected schema: { type: ... }", described);
    return { schema: own ? context.schema(own, `${where} schema`) : {}, json: false };
  }
  const [media, ...more] = content.kind === "map" ? content.entries : [];
  if (media?.key.split(";", 1)[0]?.trim() !== "application/json" || more.length > 0) {
    from.problem("content", "expected application/json and nothing else");
    return { schema: {}, json: true };
  }
  const inside = context.fields(media.value, `${where} content`, keyTables.mediaType);
  const found = inside.value("schema");
  if (found && kindOf(context.schema(found, `${where} schema`), context.schemas) === "array") {
    from.problem("content", "is not for a list: write schema instead, and the list is given by repetition");
  }
  return { schema: found ? context.schema(found, `${where} schema`) : {}, json: true };
}

function readStyle(
  from: Fields,
  at: keyof typeof styles,
  schema: JsonSchema,
  { schemas }: OpenApiContext,
): Partial<Pick<Parameter, "style" | "explode" | "schema">> {
  const [standard] = styles[at];
  const style = (from.text("style") ?? standard) as ParameterStyle;
  if (!styles[at].includes(style)) {
    const hint = didYouMean(style, styles[at]);
    from.problem("style", `found ${JSON.stringify(style)}, expected ${enumerate(styles[at])}.${hint}`);
    return {};
  }
  const explode = from.read("explode", flag) ?? (style === "form" || style === "deepObject");
  const kind = kindOf(schema, schemas);
  if (style === "deepObject" && kind !== "object" && kind !== "unknown") {
    from.problem("style", "deepObject is for an object, and this is none");
  }
  if (kind === "scalar" && style !== "label" && style !== "matrix") return {};
  if (kind === "unknown" && style === standard) return {};
  // Properties that are given one by one must be known by their names.
  if (kind === "object" && explode) return { style, explode, schema: dereferenced(schema, schemas) };
  // Repetition is how it is without style and explode.
  return style === "form" && explode ? {} : { style, explode };
}

function kindOf(schema: JsonSchema, schemas: OpenApiContext["schemas"]): "scalar" | "array" | "object" | "unknown" {
  const found = dereferenced(schema, schemas);
  if (typeof found !== "object") return "unknown";
  const types = [found.type].flat().filter((type) => type !== "null");
  if (types.includes("array")) return "array";
  if (types.includes("object") || (types.length === 0 && found.properties !== undefined)) return "object";
  return types[0] === undefined ? "unknown" : "scalar";
}
