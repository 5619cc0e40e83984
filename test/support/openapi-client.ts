// What a client makes of an OpenAPI document, written after the specification and not after the server: "Parameter Object",
// "Style Values" and "Encoding Object" of https://spec.openapis.org/oas/v3.1.0, for scalars, lists and flat objects.

/** An operation, as far as a request needs to know it. */
export interface Operation {
  readonly parameters?: readonly DocumentedParameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
}

interface DocumentedParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly style?: string;
  readonly explode?: boolean;
  readonly content?: unknown;
}

interface Media {
  readonly encoding?: Readonly<Record<string, { style?: string; explode?: boolean; contentType?: string }>>;
}

/** Arguments by name. */
export type Values = Readonly<Record<string, unknown>>;

const separators: Readonly<Record<string, string>> = { form: ",", spaceDelimited: "%20", pipeDelimited: "%7C" };
const isObject = (value: unknown): value is Values => typeof value === "object" && value !== null;
const encode = (value: unknown) => encodeURIComponent(String(value));

/**
 * Creates a request as a document describes it.
 *
 * @param base What the server's URL is.
 * @param path The path, with its parameters in braces.
 * @param method The method.
 * @param operation The operation.
 * @param values What to send. Those that are no parameters go into the body.
 * @param type The media type of the body.
 *
 * @returns A request.
 */
export function requestOf(
  base: string,
  path: string,
  method: string,
  operation: Operation,
  values: Values,
  type: string | undefined,
): Request {
  const query: string[] = [];
  const headers = new Headers();
  let url = path;
  const rest = new Map(Object.entries(values));
  for (const parameter of operation.parameters ?? []) {
    const { name, in: place } = parameter;
    const value = rest.get(name);
    rest.delete(name);
    if (value === undefined) continue;
    if (place === "query") query.push(...pairsOf(name, value, parameter, parameter.content !== undefined));
    else if (place === "header") headers.set(name, [value].flat().join(","));
    else url = url.replace(`{${name}}`, segmentOf(name, value, parameter));
  }
  const href = `${base}${url}${query.length > 0 ? `?${query.join("&")}` : ""}`;
  if (type === undefined) return new Request(href, { method, headers });
  const { encoding = {} } = operation.requestBody?.content[type] ?? {};
  if (type === "multipart/form-data") {
    const form = new FormData();
    for (const [name, value] of rest) {
      for (const one of [value].flat()) {
        if (one instanceof File) form.append(name, one);
        else form.append(name, isObject(one) ? JSON.stringify(one) : String(one));
      }
    }
    return new Request(href, { method, headers, body: form });
  }
  headers.set("content-type", type);
  if (type === "application/json") {
    return new Request(href, { method, headers, body: JSON.stringify(Object.fromEntries(rest)) });
  }
  const pairs = [...rest].flatMap(([name, value]) => {
    const { contentType, ...style } = encoding[name] ?? {};
    return pairsOf(name, value, style, contentType === "application/json");
  });
  return new Request(href, { method, headers, body: pairs.join("&") });
}

function pairsOf(name: string, value: unknown, given: { style?: string; explode?: boolean }, json: boolean): string[] {
  const { style = "form", explode = style === "form" } = given;
  const key = encode(name);
  if (json) return [`${key}=${encode(JSON.stringify(value))}`];
  if (Array.isArray(value)) {
    if (explode) return value.map((one) => `${key}=${encode(one)}`);
    return [`${key}=${value.map(encode).join(separators[style])}`];
  }
  if (!isObject(value)) return [`${key}=${encode(value)}`];
  const entries = Object.entries(value);
  if (style === "deepObject") return entries.map(([inner, one]) => `${encode(`${name}[${inner}]`)}=${encode(one)}`);
  if (explode) return entries.map(([inner, one]) => `${encode(inner)}=${encode(one)}`);
  return [`${key}=${entries.flat().map(encode).join(separators[style])}`];
}

function segmentOf(name: string, value: unknown, { style = "simple", explode = false }: DocumentedParameter): string {
  const values = [value].flat().map(encode);
  if (style === "label") return `.${values.join(explode ? "." : ",")}`;
  if (style !== "matrix") return values.join(",");
  return explode ? values.map((one) => `;${encode(name)}=${one}`).join("") : `;${encode(name)}=${values.join(",")}`;
}
